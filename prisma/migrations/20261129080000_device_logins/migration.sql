-- A sign-in by a code on another device stands in its connection while it waits: its code and its client's secret are sealed.

CREATE OR REPLACE FUNCTION "connection_secrets_are_sealed"("config" jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT NOT jsonb_path_exists("config", '$.env.*     ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.headers.* ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.secrets.* ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.token        ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.password     ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.value        ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.auth.clientSecret ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.oauth.clientSecret ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.oauth.accessToken  ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.oauth.refreshToken ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.device.deviceCode   ? (@.type() == "string" && !(@ starts with "encrypted:"))')
     AND NOT jsonb_path_exists("config", '$.device.clientSecret ? (@.type() == "string" && !(@ starts with "encrypted:"))')
$$;
