import { liveName } from '../../analysis/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import { memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { BindingRow } from '../../live/index.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { ObjectChange, Question } from '../types.ts';
import { inTurns } from './inTurns.ts';

const mostTemplates = 200;

/**
 * The templates of bindings that streams do not tell, or only by their names: kinds that nobody follows, ConfigMaps and
 * Secrets. Those of the changes are read already.
 */
export async function readTemplates(
  bindings: readonly BindingRow[],
  request: {
    readonly api: PushApi;
    readonly plane: LiveControlPlane;
    readonly changes: readonly ObjectChange[];
    readonly signal?: CancelSignal;
  },
): Promise<{ readonly objects: readonly JsonObject[]; readonly questions: readonly Question[] }> {
  const { api, plane, changes, signal } = request;
  const known = new Set(plane.objects.map(nameOf));
  const changed = new Set(changes.map(({ reference }) => liveName(reference)));
  const wanted = bindings
    .map(({ template }) => template)
    .filter((template) => !changed.has(liveName(template)))
    .filter((template) => isBare(template) || !known.has(liveName(template)));
  const asked = wanted.slice(0, mostTemplates);
  const unread = wanted.slice(mostTemplates).map(({ kind }) => kind);
  const answers = await inTurns(asked, async ({ apiVersion, kind, namespace, name }) => {
    try {
      return await api.get({ apiVersion, kind, namespace, name }, signal);
    } catch (error) {
      if (!isKubeError(error) || !['forbidden', 'notFound'].includes(error.reason)) throw error;
      if (error.reason === 'forbidden') unread.push(kind);
      return undefined;
    }
  });
  return {
    objects: answers.filter((object) => object !== undefined),
    questions: unread.length === 0 ? [] : [notPreviewed(unread)],
  };
}

/** Only names of these are followed. */
function isBare({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return apiVersion === 'v1' && (kind === 'ConfigMap' || kind === 'Secret');
}

function nameOf(object: JsonObject): string {
  const metadata = memberAt(object, 'metadata');
  return liveName({
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  });
}

function notPreviewed(kinds: readonly string[]): Question {
  const names = [...new Set(kinds)].sort().join(', ');
  return {
    severity: 'warning',
    code: 'not-previewed',
    message: `${kinds.length === 1 ? 'One object that changed policies may be about was' : `${kinds.length} objects that changed policies may be about were`} not read (${names}): what becomes of ${kinds.length === 1 ? 'it' : 'them'} is not shown.`,
  };
}
