import { liveName } from '../../analysis/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { BindingRow } from '../../live/index.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { ObjectChange, Question } from '../types.ts';
import { inTurns } from './inTurns.ts';
import { referenceOf, selectedTemplates } from './selectedTemplates.ts';

const mostTemplates = 200;

/**
 * The templates of bindings and of changed policies that streams do not tell, or only by their names: kinds that nobody
 * follows, ConfigMaps and Secrets. Those of the changes are read already.
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
  const selected = await selectedTemplates(changes, { api, plane, ...(signal ? { signal } : {}) });
  const known = new Set(plane.objects.map((object) => liveName(referenceOf(object))));
  const changed = new Set(changes.map(({ reference }) => liveName(reference)));
  const whole = selected.objects.filter((object) => !changed.has(liveName(referenceOf(object))));
  const apart = new Set([...changed, ...whole.map((object) => liveName(referenceOf(object)))]);
  const mentioned = [...bindings.map(({ template }) => template), ...selected.references];
  const wanted = [...new Map(mentioned.map((one) => [liveName(one), one])).values()]
    .filter((template) => !apart.has(liveName(template)))
    .filter((template) => isBare(template) || !known.has(liveName(template)));
  const asked = wanted.slice(0, mostTemplates);
  const unread = [...selected.unread, ...wanted.slice(mostTemplates).map(({ kind }) => kind)];
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
    objects: [...whole, ...answers.filter((object) => object !== undefined)],
    questions: unread.length === 0 ? [] : [notPreviewed(unread)],
  };
}

/** Only names of these are followed. */
function isBare({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return apiVersion === 'v1' && (kind === 'ConfigMap' || kind === 'Secret');
}

function notPreviewed(kinds: readonly string[]): Question {
  const names = [...new Set(kinds)].sort().join(', ');
  return {
    severity: 'warning',
    code: 'not-previewed',
    message: `${kinds.length === 1 ? 'One object that changed policies may be about was' : `${kinds.length} objects that changed policies may be about were`} not read (${names}): what becomes of ${kinds.length === 1 ? 'it' : 'them'} is not shown.`,
  };
}
