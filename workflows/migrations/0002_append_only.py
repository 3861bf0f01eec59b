"""Make the log append-only for everybody, and closed outside an act."""

from django.db import migrations

FORBID = """
CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;

CREATE FUNCTION log_is_written_in_acts() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF current_setting('xinban.act', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'the log is written in acts only';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON workflows_entry
FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER entry_not_truncated BEFORE TRUNCATE ON workflows_entry
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER entry_in_acts BEFORE INSERT ON workflows_entry
FOR EACH STATEMENT EXECUTE FUNCTION log_is_written_in_acts();
CREATE TRIGGER sealed_unchanged BEFORE UPDATE ON workflows_sealed
FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
"""
ALLOW = """
DROP TRIGGER sealed_unchanged ON workflows_sealed;
DROP TRIGGER entry_in_acts ON workflows_entry;
DROP TRIGGER entry_not_truncated ON workflows_entry;
DROP TRIGGER entry_append_only ON workflows_entry;
DROP FUNCTION log_is_written_in_acts();
DROP FUNCTION log_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
