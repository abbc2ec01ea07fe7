"""The commands of `survey-app`, one module each, in the order `--help` lists them.

A command module has `add_parser(subparsers)`, which sets `run=`, and `run(args, environ) -> exit code`.
"""

from survey_app.commands import (
    audio,
    backup,
    close_week,
    codes,
    demo,
    doctor,
    export,
    inbox,
    kiosk,
    migrate,
    questionnaire,
    rebuild,
    restore,
    run,
    score,
    setup,
    tls,
    user,
    verify,
)

COMMANDS = (
    setup,
    run,
    demo,
    migrate,
    tls,
    close_week,
    questionnaire,
    score,
    export,
    verify,
    rebuild,
    backup,
    restore,
    user,
    kiosk,
    inbox,
    codes,
    audio,
    doctor,
)
