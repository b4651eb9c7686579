/** How rows and events name the owner: whoever is signed in to the console, or has the VM's own token. */
export const ownerActor = 'owner';
