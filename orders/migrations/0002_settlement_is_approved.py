"""A settlement list cannot bill what the customer did not agree to, not even by a hand in the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_settlement_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed record;
BEGIN
    -- Imported and demo history records what others billed.
    IF EXISTS (SELECT FROM visits_visit WHERE id = NEW.visit_id AND origin <> 'live') THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(labour) FILTER (WHERE kind = 'job'), 0) AS labour,
           coalesce(sum(material), 0) AS material,
           coalesce(sum(labour) FILTER (WHERE kind <> 'job'), 0) AS other
      INTO agreed
      FROM orders_line
     WHERE store_id = NEW.store_id AND visit_id = NEW.visit_id AND consent_state = 'approved';
    IF NEW.labour <> agreed.labour OR NEW.material <> agreed.material OR NEW.other <> agreed.other THEN
        RAISE EXCEPTION 'settlement list % bills what the customer did not agree to', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_settlement_is_approved';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_settlement_is_approved AFTER INSERT OR UPDATE OF store_id, visit_id, labour, material, other, total
    ON orders_settlement FOR EACH ROW EXECUTE FUNCTION orders_settlement_is_approved();
"""
BACKWARD = """
DROP TRIGGER orders_settlement_is_approved ON orders_settlement;
DROP FUNCTION orders_settlement_is_approved();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
