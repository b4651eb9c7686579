/** What an authorization server refuses with, in the words that programs know (RFC 6749, RFC 7591, RFC 8707). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_target'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied';

export class OAuthError extends Error {
  readonly code: OAuthErrorCode;

  /** @param message why, for a person; never a secret */
  constructor(code: OAuthErrorCode, message: string) {
    super(message);
    this.name = 'OAuthError';
    this.code = code;
  }

  /** Of the answer by HTTP. */
  get status(): number {
    return this.code === 'invalid_client' ? 401 : 400;
  }
}
