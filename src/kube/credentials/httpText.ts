// VS Code puts its proxy and certificates into `http` and `https`, not into the `node:` spellings.
import * as http from 'http';
import * as https from 'https';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

interface HttpAsk {
  readonly ca: string | undefined;
  /** With it the request is a POST. */
  readonly form: URLSearchParams | undefined;
  readonly authorization: string | undefined;
  readonly signal: AbortSignal;
}

const limit = 1_048_576;
const timeout = 30_000;

/** Asks a sign-in server once, over a connection of its own. A text is why there is no answer; never rejects. */
export function httpText(url: string, ask: HttpAsk): Promise<HttpAnswer | string> {
  return new Promise((resolve) => {
    if (!URL.canParse(url) || !/^https?:/i.test(url)) {
      resolve('its address is no URL');
      return;
    }
    const { host, protocol } = new URL(url);
    const request = (protocol === 'https:' ? https : http).request(url, {
      method: ask.form ? 'POST' : 'GET',
      headers: {
        Accept: 'application/json',
        ...(ask.authorization === undefined ? {} : { Authorization: ask.authorization }),
        ...(ask.form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
      agent: false,
      ...(ask.ca === undefined ? {} : { ca: ask.ca }),
      signal: AbortSignal.any([ask.signal, AbortSignal.timeout(timeout)]),
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.name === 'AbortError' ? 'no answer' : (error.code ?? error.message);
      resolve(`${host} does not answer (${why})`);
    });
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > limit) response.destroy(new Error('too much'));
      });
      response.on('error', () => resolve(`${host} breaks off`));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.end(ask.form?.toString());
  });
}
