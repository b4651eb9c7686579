-- Heads of audit chains, of VMs whose owners want them to stand outside the VM too: a hash and how far the chain had come.
CREATE TABLE "audit_anchors" (
  "vm_id" UUID NOT NULL,
  "epoch" INTEGER NOT NULL,
  "seq" BIGINT NOT NULL,
  "head" BYTEA NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "audit_anchors_pkey" PRIMARY KEY ("vm_id", "epoch", "seq"),
  CONSTRAINT "audit_anchors_head_length" CHECK (octet_length("head") = 32),
  CONSTRAINT "audit_anchors_not_negative" CHECK ("epoch" >= 0 AND "seq" > 0),
  CONSTRAINT "audit_anchors_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
);

-- What could be changed here would prove nothing there.
CREATE FUNCTION "audit_anchors_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an anchor does not change'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_anchors_stay', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER "audit_anchors_stay" BEFORE UPDATE OR DELETE ON "audit_anchors"
  FOR EACH ROW EXECUTE FUNCTION "audit_anchors_stay"();
