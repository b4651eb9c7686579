/** The settings of backups, for the table of all (known-keys.ts). */
import { z } from 'zod';
import type { Setting } from './setting.ts';
import { backupPlace, baseUrl, cron, days, keyId, onOff, recipients, region, whole } from './values.ts';

export const backupSettings = {
  backup_schedule: {
    schema: cron,
    otherwise: 'no backups are planned',
    words:
      'When a backup is made, by the clock of `timezone`: minute, hour, day, month and weekday, such as `0 3 * * *` for three each night. Needs `backup_recipients`.',
    place: { panel: 'backups', label: 'When one is made' },
  },
  backup_recipients: {
    schema: recipients,
    otherwise: 'nobody',
    words:
      'The public keys of age (`age1…`) that scheduled backups are encrypted for, with spaces between them. The private ones belong elsewhere.',
    place: { panel: 'backups', label: 'Encrypted for' },
  },
  backup_to: {
    schema: backupPlace,
    otherwise: '`backups/` of the home',
    words:
      'Where scheduled backups go: a folder, better one on another disk, or a bucket of a store that speaks S3, `s3://bucket/prefix`.',
    place: { panel: 'backups', label: 'Where they go' },
  },
  backup_keep: {
    schema: whole('use a number of backups', { min: 1, max: 10_000 }),
    default: '7',
    words: 'How many scheduled backups are kept. Those beyond, the oldest, are removed.',
    place: { panel: 'backups', label: 'How many are kept' },
  },
  backup_keep_days: {
    schema: days,
    otherwise: 'however old they are',
    unit: 'days',
    words:
      'How old they may become: older ones are removed as well, but never the newest; and so are the dumps from before migrations.',
    place: { panel: 'backups', label: 'How old they may become, in days' },
  },
  backup_s3_endpoint: {
    schema: baseUrl,
    otherwise: 'Amazon’s own, of the region',
    words: 'The address of the store that `backup_to` names with `s3://`.',
    place: { panel: 'backups', label: 'Store: its address' },
  },
  backup_s3_region: {
    schema: region,
    default: 'us-east-1',
    words: 'Its region, which requests are signed for: as the store wants it.',
    place: { panel: 'backups', label: 'Store: its region' },
  },
  backup_s3_key_id: {
    schema: keyId,
    otherwise: 'nobody',
    words: 'The id of a key that may list, read, write and delete there.',
    place: { panel: 'backups', label: 'Store: id of a key' },
  },
  backup_s3_secret_key: {
    schema: z.string().min(8).max(200),
    secret: true,
    otherwise: 'nothing is sent there',
    words: 'The secret of that key. Requests are signed with it; it is never sent.',
    place: { panel: 'backups', label: 'Store: secret of that key' },
  },
  backup_s3_path_style: {
    schema: onOff,
    default: 'on',
    words: 'Whether the bucket stands in the path of an address; `off`: before its host.',
    place: { panel: 'backups', label: 'Store: bucket in the path' },
  },
  backup_s3_private_network: {
    schema: onOff,
    default: 'off',
    words:
      'Whether the name of the store may lead into a private network. Addresses that are private themselves, and names such as `nas.local`, may always.',
    place: { panel: 'backups', label: 'Store: may be in my own network' },
  },
} as const satisfies Record<string, Setting>;
