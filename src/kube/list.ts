import { arrayMember, isObject, member, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { isKubeError, KubeError } from '../live/index.ts';
import { collectionRequest } from './collection.ts';
import type { Collection } from './collection.ts';
import { parseExactObject, parseObject } from './jsonLines.ts';
import { nextToken } from './nextToken.ts';
import type { PageSize } from './pageSize.ts';
import { placeOfServer } from './place.ts';

export interface ListOptions extends Collection {
  readonly pageSize: PageSize;
  /** Integers that a number cannot hold are to be `bigint`. */
  readonly isExact?: true;
  /** Waits; sooner over when the caller wants to go on or gives up. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
  /** The objects of a page, in the server's order. Nothing else holds them. */
  readonly onPage: (items: readonly JsonObject[]) => void;
  /** The pages so far are void: the list begins anew. */
  readonly onRestart: () => void;
}

interface Page {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  readonly following: PendingPage | undefined;
}

/** How often one list waits because the server asks it to, and how long at most each time. */
const mostWaits = 5;
const longestWait = 60;
const mostRestarts = 3;

/**
 * Reads a collection in pages and answers the resource version to watch from. Obeys Retry-After. A list that took
 * longer than the server remembers goes on with the token the server gives for that: later pages are then newer than the
 * first ones, and a watch from the first page's version makes up for it. Without such a token it begins anew. Rejects
 * with `KubeError`.
 */
export async function listObjects(options: ListOptions): Promise<string> {
  const { onPage, onRestart } = options;
  let isInconsistent = false;
  let restarts = 0;
  let version = '';
  let token = '';
  let pending = requestPage(options, token);
  for (;;) {
    let page: Page;
    try {
      page = await readPage(options, pending);
    } catch (error) {
      if (token === '' || !isExpired(error) || restarts >= mostRestarts) throw error;
      const fresh: string = isInconsistent ? '' : inconsistentToken(error);
      isInconsistent ||= fresh !== '';
      if (fresh === '') {
        restarts++;
        version = '';
        onRestart();
      }
      token = fresh;
      pending = requestPage(options, token);
      continue;
    }
    version ||= page.resourceVersion;
    if (!page.following) {
      onPage(page.items);
      return version;
    }
    if (page.following.token === token) throw shapeError(options);
    ({ token } = page.following);
    pending = page.following;
    onPage(page.items);
  }
}

/** A page that has been asked for. */
interface PendingPage {
  readonly token: string;
  readonly limit: number;
  readonly text: Promise<string>;
}

function requestPage(options: ListOptions, token: string): PendingPage {
  const { limit } = options.pageSize;
  const text = pageText(options, token, limit);
  // Awaited later; what fails meanwhile is not unheard of.
  text.catch(() => {});
  return { token, limit, text };
}

async function pageText(options: ListOptions, token: string, limit: number): Promise<string> {
  const { transport, signal } = options;
  const { query, ...request } = collectionRequest(options, false);
  const paged = { ...query, limit, continue: token === '' ? undefined : token };
  for (let waits = 0; ; waits++) {
    try {
      return await transport.text({ ...request, query: paged, signal });
    } catch (error) {
      // Before the first page nothing is lost by telling the trouble.
      const seconds = token === '' ? undefined : askedToWait(error);
      if (seconds === undefined || seconds > longestWait || waits >= mostWaits) throw error;
      await options.wait(seconds * 1000);
      if (signal.aborted) throw error;
    }
  }
}

/** Asks for the following page before this one is parsed, so that the server and we work at the same time. */
async function readPage(options: ListOptions, pending: PendingPage): Promise<Page> {
  const text = await pending.text;
  const guess = nextToken(text);
  // A page that another one follows is full.
  if (guess !== '') options.pageSize.learn(pending.limit, text.length);
  const guessed = guess === '' || guess === pending.token ? undefined : requestPage(options, guess);
  const { server } = placeOfServer(options.transport.server);
  const parse = options.isExact ? parseExactObject : parseObject;
  const { items, next, resourceVersion } = toPage(parse(text, server), options);
  if (guess === '') options.pageSize.learn(items.length, text.length);
  if (next === '') return { items, resourceVersion, following: undefined };
  const following = guessed?.token === next ? guessed : requestPage(options, next);
  return { items, resourceVersion, following };
}

function toPage(
  list: JsonObject,
  options: ListOptions,
): { items: readonly JsonObject[]; next: string; resourceVersion: string } {
  const items = member(list, 'items');
  if (items !== null && !Array.isArray(items)) throw shapeError(options);
  const metadata = member(list, 'metadata');
  return {
    items: arrayMember(list, 'items').filter(isObject),
    resourceVersion: stringMember(metadata, 'resourceVersion'),
    next: stringMember(metadata, 'continue'),
  };
}

function askedToWait(error: unknown): number | undefined {
  const isBusy = isKubeError(error) && (error.status === 429 || error.status === 503);
  return isBusy ? error.retryAfter : undefined;
}

function isExpired(error: unknown): boolean {
  return isKubeError(error) && error.reason === 'gone';
}

/** The `Status` of an expired token may hold one that goes on at the present version. */
function inconsistentToken(error: unknown): string {
  const status = (error as KubeError).cause as JsonValue | undefined;
  return stringMember(member(status, 'metadata'), 'continue');
}

function shapeError({ transport, type }: ListOptions): KubeError {
  const { server } = placeOfServer(transport.server);
  return new KubeError(
    'malformed',
    `The list of ${type.plural} of ${server} has not the shape of a list.`,
  );
}
