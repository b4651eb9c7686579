-- Whoever changes one of these says so by `updated_at`, and what the time is, the database says: Prisma sends its machine's, and
-- times of two machines do not tell which came first. No two changes of a row are at one time, as a revision goes by it (ETag).
CREATE FUNCTION changed_at_databases_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := date_trunc('milliseconds', clock_timestamp());
  IF TG_OP = 'UPDATE' AND NEW.updated_at = OLD.updated_at THEN
    NEW.updated_at := NEW.updated_at + interval '1 millisecond';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER config_changed_at BEFORE INSERT OR UPDATE OF updated_at ON config
  FOR EACH ROW EXECUTE FUNCTION changed_at_databases_time();
CREATE TRIGGER connections_changed_at BEFORE INSERT OR UPDATE OF updated_at ON connections
  FOR EACH ROW EXECUTE FUNCTION changed_at_databases_time();
CREATE TRIGGER skills_changed_at BEFORE INSERT OR UPDATE OF updated_at ON skills
  FOR EACH ROW EXECUTE FUNCTION changed_at_databases_time();
