"""`python -m survey_app` is `survey-app`: works in a bare checkout."""

from survey_app.cli import main

raise SystemExit(main())
