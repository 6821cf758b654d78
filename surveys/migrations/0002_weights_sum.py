from django.db import migrations

# At commit, so that a version may be built row by row inside one transaction.
FORWARD = """
CREATE FUNCTION surveys_weights_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    questionnaire bigint;
    total bigint;
BEGIN
    IF TG_TABLE_NAME = 'surveys_questionnaire' THEN
        questionnaire := NEW.id;
    ELSE
        questionnaire := coalesce(NEW.questionnaire_id, OLD.questionnaire_id);
    END IF;
    PERFORM 1 FROM surveys_questionnaire WHERE id = questionnaire AND published_at IS NOT NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(weight), 0) INTO total FROM surveys_factor WHERE questionnaire_id = questionnaire;
    IF total <> 100 THEN
        RAISE EXCEPTION 'the weights of questionnaire % sum to %, not to 100', questionnaire, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'surveys_weights_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER surveys_weights_sum AFTER INSERT OR UPDATE OF published_at ON surveys_questionnaire
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION surveys_weights_sum();
CREATE CONSTRAINT TRIGGER surveys_weights_sum AFTER INSERT OR UPDATE OR DELETE ON surveys_factor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION surveys_weights_sum();
"""

REVERSE = """
DROP TRIGGER surveys_weights_sum ON surveys_factor;
DROP TRIGGER surveys_weights_sum ON surveys_questionnaire;
DROP FUNCTION surveys_weights_sum();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
