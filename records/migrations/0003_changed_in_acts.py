"""Let only an act change how a record is shown: the database refuses everybody else."""

from django.db import migrations

FORBID = """
CREATE FUNCTION record_is_shown_by_acts() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF current_setting('xinban.act', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'how a record is shown is changed in acts only';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER record_shown_in_acts
BEFORE UPDATE OF publication, marked_by, withheld_by, fulfilled_on, repaired_on, removed_on, refuted
ON records_record FOR EACH ROW
WHEN (
  (OLD.publication, OLD.marked_by, OLD.withheld_by, OLD.fulfilled_on,
   OLD.repaired_on, OLD.removed_on, OLD.refuted)
  IS DISTINCT FROM
  (NEW.publication, NEW.marked_by, NEW.withheld_by, NEW.fulfilled_on,
   NEW.repaired_on, NEW.removed_on, NEW.refuted)
)
EXECUTE FUNCTION record_is_shown_by_acts();
"""
ALLOW = """
DROP TRIGGER record_shown_in_acts ON records_record;
DROP FUNCTION record_is_shown_by_acts();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_kinds_standing_aliases")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
