import { z } from 'zod';
import { doctorSchema } from '../doctor.ts';
import { healthSchema, readinessSchema } from '../health.ts';
import { operation } from '../operation.ts';

export const healthOperations = {
  runDoctor: operation('GET /api/v1/doctor', {
    access: 'read',
    summary: 'What is wrong, as far as the server can see, and what to do',
    description:
      'Changes nothing. `alfred doctor` adds what only the machine itself shows: key, files, disk, sandbox.',
    tags: ['health'],
    responses: { 200: doctorSchema },
  }),
  readHealth: operation('GET /healthz', {
    access: 'public',
    summary: 'Whether the process is alive',
    tags: ['health'],
    responses: { 200: healthSchema },
  }),
  readReadiness: operation('GET /readyz', {
    access: 'public',
    summary: 'Whether it can do its work, and why not',
    tags: ['health'],
    responses: { 200: readinessSchema },
  }),
  readMetrics: operation('GET /metrics', {
    access: 'metrics',
    summary: 'How the VM stands and what it did, for Prometheus',
    description: 'The text format of Prometheus. Numbers alone: no content, and no name that a person chose.',
    tags: ['health'],
    responses: { 200: { content: { 'text/plain': { schema: z.string() } } } },
  }),
  describeApi: operation('GET /api/openapi.json', {
    access: 'public',
    summary: 'This document',
    responses: { 200: z.record(z.string(), z.unknown()) },
  }),
};
