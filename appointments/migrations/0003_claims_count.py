"""A bucket's sums are its claims, whoever writes them; the bucket's checks then refuse what is too much."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION appointments_claim_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE appointments_bucket
           SET booked = booked - CASE OLD.side WHEN 'booked' THEN OLD.amount ELSE 0 END,
               floor = floor - CASE OLD.side WHEN 'floor' THEN OLD.amount ELSE 0 END
         WHERE id = OLD.bucket_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE appointments_bucket
           SET booked = booked + CASE NEW.side WHEN 'booked' THEN NEW.amount ELSE 0 END,
               floor = floor + CASE NEW.side WHEN 'floor' THEN NEW.amount ELSE 0 END
         WHERE id = NEW.bucket_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER appointments_claim_counts AFTER INSERT OR DELETE OR UPDATE OF bucket_id, side, amount
    ON appointments_claim FOR EACH ROW EXECUTE FUNCTION appointments_claim_counts();
"""
BACKWARD = """
DROP TRIGGER appointments_claim_counts ON appointments_claim;
DROP FUNCTION appointments_claim_counts();
"""


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_capacity_ledger")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
