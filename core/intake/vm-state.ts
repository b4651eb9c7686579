/** How a VM stands, as SQL over a row `v` of vms: one of the words of `vmStates`. */

/** A VM that runs nothing reports once a day; one that said nothing for two may be in trouble. */
const silence = "interval '2 days'";

export const vmStateSql = `CASE WHEN v.retired_at IS NOT NULL THEN 'retired'
        WHEN v.suspended_at IS NOT NULL THEN 'suspended'
        WHEN v.copied_at IS NOT NULL THEN 'copied'
        WHEN coalesce(v.last_report_at, v.created_at) < now() - ${silence} THEN 'silent'
        WHEN v.last_report_at IS NULL THEN 'never'
        ELSE 'reporting' END`;
