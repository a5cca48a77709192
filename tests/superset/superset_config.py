"""Superset for a trial on this computer: whoever reaches its port is an administrator, so it listens here alone."""

import os

SECRET_KEY = "for a trial on this computer, not for a server"
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SUPERSET_HOME']}/superset.db"
# Without a login, a browser without hands can open the dashboard.
AUTH_ROLE_PUBLIC = "Admin"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
