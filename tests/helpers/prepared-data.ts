/** The variable that names a migrated data folder of PostgreSQL, for VMs of tests to begin with (global-setup.ts). */
export const preparedData = 'ALFRED_TEST_PREPARED_DATA';
