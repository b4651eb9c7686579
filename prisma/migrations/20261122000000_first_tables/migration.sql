-- The tables of one user's VM: the four that the founding document names come first and whole, the others serve them.
-- What else the database enforces (checks, triggers, partial indexes) follows in the next migration.

-- CreateEnum
CREATE TYPE "connection_type" AS ENUM ('mcp_stdio', 'mcp_http', 'http_api');

-- CreateEnum
CREATE TYPE "connection_status" AS ENUM ('new', 'ready', 'error', 'needs_login', 'changed');

-- CreateEnum
CREATE TYPE "trigger_type" AS ENUM ('manual', 'schedule', 'webhook', 'chat');

-- CreateEnum
CREATE TYPE "skill_source" AS ENUM ('manual', 'template', 'taught', 'import', 'system');

-- CreateEnum
CREATE TYPE "crash_policy" AS ENUM ('auto', 'hold', 'rerun');

-- CreateEnum
CREATE TYPE "execution_mode" AS ENUM ('live', 'rehearsal', 'replay');

-- CreateEnum
CREATE TYPE "execution_status" AS ENUM ('queued', 'running', 'waiting_approval', 'succeeded', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "step_status" AS ENUM ('pending', 'running', 'done', 'failed', 'unknown', 'skipped');

-- CreateEnum
CREATE TYPE "tool_call_status" AS ENUM ('intended', 'dispatched', 'done', 'failed', 'denied', 'unknown');

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" "connection_type" NOT NULL,
    "config" JSONB NOT NULL,
    "tools" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tool_catalog" JSONB NOT NULL DEFAULT '[]',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "last_used_at" TIMESTAMPTZ(3),
    "approved_hash" BYTEA,
    "status" "connection_status" NOT NULL DEFAULT 'new',
    "last_error" TEXT,
    "last_checked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "skills" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "steps" JSONB NOT NULL,
    "input_schema" JSONB,
    "connection_names" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "trigger_type" "trigger_type" NOT NULL DEFAULT 'manual',
    "trigger_config" JSONB NOT NULL DEFAULT '{}',
    "trigger_secret" TEXT,
    "model" TEXT,
    "effort" TEXT,
    "max_cost_usd" DECIMAL(12,6),
    "timeout_ms" INTEGER,
    "concurrency" INTEGER NOT NULL DEFAULT 1,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "next_run_at" TIMESTAMPTZ(3),
    "on_crash" "crash_policy" NOT NULL DEFAULT 'auto',
    "on_failure_skill" TEXT,
    "template_id" TEXT,
    "run_count" INTEGER NOT NULL DEFAULT 0,
    "last_run_at" TIMESTAMPTZ(3),
    "is_system" BOOLEAN NOT NULL DEFAULT false,
    "source" "skill_source" NOT NULL DEFAULT 'manual',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "skills_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "executions" (
    "id" UUID NOT NULL,
    "skill_id" UUID,
    "skill_slug" TEXT NOT NULL,
    "skill_version" INTEGER NOT NULL,
    "skill_hash" BYTEA NOT NULL,
    "mode" "execution_mode" NOT NULL DEFAULT 'live',
    "model" TEXT,
    "actor" TEXT NOT NULL,
    "trigger" "trigger_type" NOT NULL,
    "trigger_detail" JSONB NOT NULL DEFAULT '{}',
    "retry_of" UUID,
    "status" "execution_status" NOT NULL DEFAULT 'queued',
    "input" JSONB,
    "output" TEXT,
    "trace" JSONB,
    "error" TEXT,
    "error_code" TEXT,
    "duration_ms" INTEGER,
    "token_count" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_read_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_usd" DECIMAL(12,6),
    "metric_report_id" UUID,
    "reported_to_core" BOOLEAN NOT NULL DEFAULT false,
    "dedupe_key" TEXT,
    "input_hash" BYTEA,
    "output_hash" BYTEA,
    "trace_hash" BYTEA,
    "content_hash" BYTEA,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "purged_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "executions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "config" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "config_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "skill_versions" (
    "skill_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "created_by" TEXT NOT NULL,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "skill_versions_pkey" PRIMARY KEY ("skill_id","version")
);

-- CreateTable
CREATE TABLE "execution_steps" (
    "execution_id" UUID NOT NULL,
    "step_id" INTEGER NOT NULL,
    "status" "step_status" NOT NULL DEFAULT 'pending',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "output" TEXT,
    "usage" JSONB,

    CONSTRAINT "execution_steps_pkey" PRIMARY KEY ("execution_id","step_id")
);

-- CreateTable
CREATE TABLE "execution_events" (
    "execution_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "step" INTEGER,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "execution_events_pkey" PRIMARY KEY ("execution_id","seq")
);

-- CreateTable
CREATE TABLE "tool_calls" (
    "id" UUID NOT NULL,
    "execution_id" UUID,
    "step_id" INTEGER,
    "attempt" INTEGER,
    "tool_use_id" TEXT,
    "connection" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "arguments" JSONB NOT NULL,
    "arguments_hash" BYTEA NOT NULL,
    "read_only" BOOLEAN NOT NULL DEFAULT false,
    "idempotent" BOOLEAN NOT NULL DEFAULT false,
    "status" "tool_call_status" NOT NULL DEFAULT 'intended',
    "result" JSONB,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dispatched_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "tool_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_tokens" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_links" (
    "id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "connections_name_key" ON "connections"("name");

-- CreateIndex
CREATE UNIQUE INDEX "skills_slug_key" ON "skills"("slug");

-- CreateIndex
CREATE INDEX "executions_created_at_id_idx" ON "executions"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "executions_skill_id_created_at_idx" ON "executions"("skill_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "executions_skill_id_dedupe_key_key" ON "executions"("skill_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "tool_calls_execution_id_created_at_idx" ON "tool_calls"("execution_id", "created_at");

-- CreateIndex
CREATE INDEX "tool_calls_connection_tool_created_at_idx" ON "tool_calls"("connection", "tool", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "access_tokens_token_hash_key" ON "access_tokens"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "sign_in_links_code_hash_key" ON "sign_in_links"("code_hash");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_hash_key" ON "sessions"("token_hash");

-- AddForeignKey
ALTER TABLE "executions" ADD CONSTRAINT "executions_skill_id_fkey" FOREIGN KEY ("skill_id") REFERENCES "skills"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "execution_steps" ADD CONSTRAINT "execution_steps_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "execution_events" ADD CONSTRAINT "execution_events_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "tool_calls" ADD CONSTRAINT "tool_calls_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

