/**
 * How the embedded server is run: for one person's VM with little memory, safe before fast. Given on its command line,
 * so that a newer program brings newer settings without touching a file of the data folder.
 */

/** The server's settings. @param socketDir the folder of its Unix socket, the only way in */
export const postgresSettings = (socketDir: string): Record<string, string> => ({
  // Who gets in: the socket stands in a folder that only its owner may enter. No TCP.
  listen_addresses: '',
  unix_socket_directories: socketDir,
  unix_socket_permissions: '0700',
  max_connections: '80',

  // Safe: a commit that was answered is on the disk.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',

  // Small: 21 MiB idle became 11 with little shared memory; no helpers for one reader's short queries.
  shared_buffers: '24MB',
  work_mem: '8MB',
  maintenance_work_mem: '32MB',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  io_method: 'sync',
  max_worker_processes: '2',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  autovacuum_max_workers: '1',
  huge_pages: 'off',
  jit: 'off',

  // A transaction that its program forgot must not hold its locks forever.
  idle_in_transaction_session_timeout: '10min',
  timezone: 'UTC',
  log_timezone: 'UTC',

  // Statements, their values and failing rows may hold what must not reach a log: what happens to the server is logged,
  // what happens to a query is answered to whoever sent it.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
});
