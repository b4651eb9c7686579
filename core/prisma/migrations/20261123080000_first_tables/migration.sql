CREATE TABLE "users" (
  "id" UUID NOT NULL,
  "login" TEXT NOT NULL,
  "password_hash" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "suspended_at" TIMESTAMPTZ(3),
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_login_short" CHECK ("login" ~ '^[a-z0-9][a-z0-9._@+-]{0,63}$'),
  CONSTRAINT "users_password_hash_length" CHECK (octet_length("password_hash") = 48)
);
CREATE UNIQUE INDEX "users_login_key" ON "users" ("login");

CREATE TABLE "access_tokens" (
  "id" UUID NOT NULL,
  "user_id" UUID,
  "token_hash" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "access_tokens_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "access_tokens_hash_length" CHECK (octet_length("token_hash") = 32),
  CONSTRAINT "access_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "access_tokens_token_hash_key" ON "access_tokens" ("token_hash");
CREATE INDEX "access_tokens_user_id_idx" ON "access_tokens" ("user_id");

CREATE TABLE "vms" (
  "id" UUID NOT NULL,
  "owner_id" UUID,
  "label" TEXT NOT NULL DEFAULT '',
  "auth_secret_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "suspended_at" TIMESTAMPTZ(3),
  "last_report_at" TIMESTAMPTZ(3),
  CONSTRAINT "vms_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "vms_label_short" CHECK ("label" ~ '^[[:alnum:] ._-]{0,60}$'),
  CONSTRAINT "vms_secret_is_bcrypt" CHECK ("auth_secret_hash" ~ '^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$'),
  CONSTRAINT "vms_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
CREATE INDEX "vms_owner_id_idx" ON "vms" ("owner_id");

CREATE TABLE "enrolments" (
  "id" UUID NOT NULL,
  "token_hash" BYTEA NOT NULL,
  "owner_id" UUID,
  "label" TEXT NOT NULL DEFAULT '',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "vm_id" UUID,
  CONSTRAINT "enrolments_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "enrolments_hash_length" CHECK (octet_length("token_hash") = 32),
  CONSTRAINT "enrolments_label_short" CHECK ("label" ~ '^[[:alnum:] ._-]{0,60}$'),
  CONSTRAINT "enrolments_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "enrolments_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "enrolments_token_hash_key" ON "enrolments" ("token_hash");
CREATE UNIQUE INDEX "enrolments_vm_id_key" ON "enrolments" ("vm_id");
CREATE INDEX "enrolments_owner_id_idx" ON "enrolments" ("owner_id");

CREATE TABLE "metric_reports" (
  "vm_id" UUID NOT NULL,
  "report_id" UUID NOT NULL,
  "period_start" TIMESTAMPTZ(3) NOT NULL,
  "period_end" TIMESTAMPTZ(3) NOT NULL,
  "executions" BIGINT NOT NULL,
  "duration_ms" BIGINT NOT NULL,
  "tokens" BIGINT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "metric_reports_pkey" PRIMARY KEY ("vm_id", "report_id"),
  CONSTRAINT "metric_reports_not_negative" CHECK ("executions" >= 0 AND "duration_ms" >= 0 AND "tokens" >= 0),
  CONSTRAINT "metric_reports_period" CHECK ("period_start" <= "period_end"),
  CONSTRAINT "metric_reports_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
);

CREATE TABLE "monthly_totals" (
  "vm_id" UUID NOT NULL,
  "month" DATE NOT NULL,
  "executions" BIGINT NOT NULL,
  "duration_ms" BIGINT NOT NULL,
  "tokens" BIGINT NOT NULL,
  CONSTRAINT "monthly_totals_pkey" PRIMARY KEY ("vm_id", "month"),
  CONSTRAINT "monthly_totals_first_day" CHECK (extract(day FROM "month") = 1),
  CONSTRAINT "monthly_totals_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
);
CREATE INDEX "monthly_totals_month_idx" ON "monthly_totals" ("month");

-- Bills stand on reports: they are neither changed nor deleted.
CREATE FUNCTION "metric_reports_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a report does not change'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'metric_reports_stay', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "metric_reports_stay" BEFORE UPDATE OR DELETE ON "metric_reports"
  FOR EACH ROW EXECUTE FUNCTION "metric_reports_stay"();
