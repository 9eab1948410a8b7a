import type { RequestListener } from 'node:http';

const started = Math.floor(Date.now() / 1000);

/** An unsigned ID token that expires so many seconds after the start of the tests. */
export function idToken(seconds: number, subject = 'ada'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: subject, exp: started + seconds })}.c2ln`;
}

/** What the issuer gives for the refresh token `good`; it knows no other. */
export const renewedToken = idToken(3600, 'renewed');

/** A sign-in server (OpenID Connect) at a URL. */
export function issuer(url: () => string): RequestListener {
  return (request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ token_endpoint: `${url()}/token` }));
      return;
    }
    let form = '';
    request.on('data', (part) => (form += part));
    request.on('end', () => {
      const isGood = new URLSearchParams(form).get('refresh_token') === 'good';
      const tokens = { id_token: renewedToken, access_token: 'a', token_type: 'Bearer' };
      response.writeHead(isGood ? 200 : 400, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(isGood ? tokens : { error: 'invalid_grant' }));
    });
  };
}
