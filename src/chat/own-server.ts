/** The name under which chat's own tools are served. No connection may have it. */
export const ownServer = 'alfred';
