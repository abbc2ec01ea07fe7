"""The commands of `survey-app`, one module each, in the order `--help` lists them.

A command module has `add_parser(subparsers)`, which sets `run=`, and `run(args, environ) -> exit code`.
"""

from survey_app.commands import demo, export, questionnaire, run, score, setup, user

COMMANDS = (setup, run, demo, user, questionnaire, export, score)
