/**
 * After this time a stream that the browser gave up is opened again, in milliseconds. It gives up where the answer is no stream:
 * a proxy answers so while the server behind it starts anew.
 */
export const streamAgainMs = 2000;
