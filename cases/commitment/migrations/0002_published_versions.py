"""Close published versions of items to every change but the day they end."""

from django.db import migrations

CLOSE = """
CREATE FUNCTION published_version_is_closed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF OLD.published_from IS NULL THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.published_until IS NULL
     AND to_jsonb(NEW) - 'published_until' = to_jsonb(OLD) - 'published_until' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a published version of an item is never edited';
END $$;

CREATE TRIGGER published_version_closed BEFORE UPDATE OR DELETE ON commitment_itemversion
FOR EACH ROW EXECUTE FUNCTION published_version_is_closed();
"""
OPEN = """
DROP TRIGGER published_version_closed ON commitment_itemversion;
DROP FUNCTION published_version_is_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("commitment", "0001_initial")]
    operations = [migrations.RunSQL(CLOSE, OPEN)]
