"""`manage.py up`: the whole product on one machine, from nothing to a page that can be opened, under one supervisor."""
