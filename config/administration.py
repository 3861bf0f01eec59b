"""Which desk the operators' tables lie on: our own, which writes every change to the log."""

from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    """Django's administration with our desk in the place of its site."""

    default_site = "web.administration.OperatorsDesk"
