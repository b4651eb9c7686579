-- Passwords as PHC strings: Argon2id as on a VM, and scrypt of those who have not signed in since.
ALTER TABLE "users" DROP CONSTRAINT "users_password_hash_length";
ALTER TABLE "users" ALTER COLUMN "password_hash" TYPE TEXT USING
  '$scrypt$ln=15,r=8,p=3$' || rtrim(encode(substring("password_hash" FROM 1 FOR 16), 'base64'), '=')
  || '$' || rtrim(encode(substring("password_hash" FROM 17), 'base64'), '=');
ALTER TABLE "users" ADD CONSTRAINT "users_password_hash_form" CHECK (
  "password_hash" ~ '^\$(argon2id\$v=19\$m=\d{1,7},t=\d{1,2},p=\d{1,2}|scrypt\$ln=15,r=8,p=3)\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$');

-- Why a VM's report was refused: the code of the error, and which of a report's own fields it named. No word of the VM's.
ALTER TABLE "vms"
  ADD COLUMN "refused_because" TEXT,
  ADD CONSTRAINT "vms_refused_because" CHECK (
    "refused_because" ~ '^E_[A-Z_]{1,40}( (reportId|periodStart|periodEnd|executions|durationMs|tokens|another)){0,7}$');
