-- Totals are shown as JSON numbers, which hold no more than 2^53 - 1 exactly. What stands is left as it is.
ALTER TABLE "monthly_totals"
  ADD CONSTRAINT "monthly_totals_exact_executions" CHECK ("executions" <= 9007199254740991) NOT VALID,
  ADD CONSTRAINT "monthly_totals_exact_duration_ms" CHECK ("duration_ms" <= 9007199254740991) NOT VALID,
  ADD CONSTRAINT "monthly_totals_exact_tokens" CHECK ("tokens" <= 9007199254740991) NOT VALID;
