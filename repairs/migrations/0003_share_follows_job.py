"""Who helps on a job is planned when the job is, whoever moves it; the helper's own exclusion constraint then refuses what overlaps."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION repairs_share_follows_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE repairs_jobshare
       SET planned = NEW.planned, live = NEW.state IN ('dispatched', 'started', 'paused')
     WHERE job_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER repairs_share_follows_job AFTER UPDATE OF planned, state ON repairs_job
    FOR EACH ROW WHEN (OLD.planned IS DISTINCT FROM NEW.planned OR OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION repairs_share_follows_job();
"""
BACKWARD = """
DROP TRIGGER repairs_share_follows_job ON repairs_job;
DROP FUNCTION repairs_share_follows_job();
"""


class Migration(migrations.Migration):
    dependencies = [("repairs", "0002_floor")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
