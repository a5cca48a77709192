"""Superset for a trial on this computer, and not for a server: it has no protection, so it listens here alone."""

import os

SECRET_KEY = "for a trial on this computer, not for a server"
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SUPERSET_HOME']}/superset.db"
# With a role, a browser without hands can open the dashboard without a login.
if os.environ.get("SUPERSET_ROLE_OF_ANYBODY"):
    AUTH_ROLE_PUBLIC = os.environ["SUPERSET_ROLE_OF_ANYBODY"]
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
