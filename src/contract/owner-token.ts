/** The name of the owner's own token, which no other may have. */
export const ownerTokenName = 'cli-token';
