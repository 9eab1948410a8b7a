import { member, withMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import { isKubeError } from '../live/index.ts';
import type { ObjectReference } from '../live/index.ts';
import { systemClock } from './clock.ts';
import { parseExactObject } from './jsonLines.ts';
import { listObjects } from './list.ts';
import { createPageSize, type PageSize } from './pageSize.ts';
import { placeOfServer } from './place.ts';
import { objectPath } from './resourcePath.ts';
import type { TypeFinder } from './typeFinder.ts';
import type {
  KubeRequest,
  ListOptions,
  ObjectWrites,
  ResourceType,
  Transport,
  WriteOptions,
} from './types.ts';

export interface ObjectWritesOptions {
  /** Below which path the API lies; '' for the server's root. */
  readonly base: string;
  readonly typeOf: TypeFinder;
  /** Milliseconds without any byte after which a request fails. */
  readonly idleLimit: number;
  /** For writes that name none. */
  readonly fieldManager: string;
}

/** Lists and writes of single objects. Rejects with `KubeError` only. */
export function createObjectWrites(
  transport: Transport,
  options: ObjectWritesOptions,
): ObjectWrites {
  const { base, typeOf, idleLimit } = options;
  const { server } = placeOfServer(transport.server);
  const request = async (
    reference: ObjectReference,
    write: WriteOptions,
  ): Promise<Pick<KubeRequest, 'idleLimit' | 'path' | 'signal'>> => {
    const type = await typeOf(reference, write.signal);
    const path = `${base}${objectPath(type, reference)}`;
    return { path, idleLimit, ...(write.signal ? { signal: write.signal } : {}) };
  };
  const queryOf = ({ dryRun, fieldManager = options.fieldManager }: WriteOptions) => ({
    fieldManager,
    fieldValidation: 'Strict',
    dryRun: dryRun === true ? 'All' : undefined,
  });
  return {
    list: createLister(transport, options),
    async apply(reference, object, write) {
      const { status, text, warnings } = await transport.answer({
        ...(await request(reference, write)),
        method: 'PATCH',
        query: { ...queryOf(write), force: write.force === true ? true : undefined },
        body: object,
        contentType: 'application/apply-patch+yaml',
      });
      return { object: parseExactObject(text, server), isCreated: status === 201, warnings };
    },
    async replace(reference, object, write = {}) {
      return transport.request({
        ...(await request(reference, write)),
        method: 'PUT',
        query: queryOf(write),
        body: object,
      });
    },
    async delete(reference, preconditions, write = {}) {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions,
        ...(write.dryRun === true ? { dryRun: ['All'] } : {}),
      };
      const asked = await request(reference, write);
      try {
        await transport.text({ ...asked, method: 'DELETE', body });
      } catch (error) {
        if (!isKubeError(error) || error.status !== 404) throw error;
      }
    },
  };
}

function createLister(
  transport: Transport,
  { base, typeOf }: ObjectWritesOptions,
): ObjectWrites['list'] {
  // Sizes are learnt by kind, for the next list.
  const sizes = new Map<ResourceType, PageSize>();
  return async ({ apiVersion, kind, namespace }, { labelSelector, signal }: ListOptions = {}) => {
    const type = await typeOf({ apiVersion, kind }, signal);
    const pageSize = sizes.get(type) ?? createPageSize();
    sizes.set(type, pageSize);
    const listed: JsonObject[] = [];
    await listObjects({
      ...{ transport, base, type, pageSize, isExact: true },
      ...(namespace === '' ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      signal: signal ?? new AbortController().signal,
      wait: (ms) => pause(ms, signal),
      onPage: (items) => void listed.push(...items),
      onRestart: () => void listed.splice(0),
    });
    return listed.map((item) => withType(item, apiVersion, kind));
  };
}

/** Items of a list of built-in kinds do not say what they are. */
function withType(item: JsonObject, apiVersion: string, kind: string): JsonObject {
  return member(item, 'kind') === kind && member(item, 'apiVersion') !== undefined
    ? item
    : withMember(withMember(item, 'apiVersion', apiVersion), 'kind', kind);
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.dispose();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = systemClock.after(milliseconds, end);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
