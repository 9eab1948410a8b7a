import { liveName } from '../../analysis/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import {
  apiGroup,
  arrayMember,
  member,
  memberAt,
  stringMember,
  withMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { ObjectChange } from '../types.ts';
import { dependsOnOverride } from '../plan/dependsOnOverride.ts';
import { inTurns } from './inTurns.ts';

/**
 * Objects that changed propagation policies select, or policies that changed overrides let begin; nothing may have claimed
 * them yet, so that no binding tells of them.
 */
export interface SelectedTemplates {
  /** Known by name only. */
  readonly references: readonly ObjectReference[];
  /** Read as a whole, of kinds that nobody follows. */
  readonly objects: readonly JsonObject[];
  /** Kinds that may not be listed. */
  readonly unread: readonly string[];
}

/** Finds them: among the rows where their kind is followed, by a list where it is not. */
export async function selectedTemplates(
  changes: readonly ObjectChange[],
  { api, plane, signal }: { api: PushApi; plane: LiveControlPlane; signal?: CancelSignal },
): Promise<SelectedTemplates> {
  const begun = plane.objects
    .filter((policy) => changes.some(({ reference }) => dependsOnOverride(policy, reference)))
    .map((before) => ({ reference: referenceOf(before), before }));
  const selectors = [...changes.filter(isPropagation), ...begun].flatMap(selectorsOf);
  const references = plane.objects
    .map(referenceOf)
    .filter((reference) => selectors.some((selector) => selects(selector, reference)));
  const lists = new Map(
    selectors
      .filter(({ apiVersion, kind }) => plane.unread.has(`${apiGroup(apiVersion)}/${kind}`))
      .map(({ apiVersion, kind, namespace }) => [
        `${apiVersion}/${kind}/${namespace}`,
        { apiVersion, kind, namespace },
      ]),
  );
  const unread: string[] = [];
  const answers = await inTurns([...lists.values()], async (of) => {
    try {
      const found = await api.list(of, signal ? { signal } : {});
      return found.map((object) => typed(object, of));
    } catch (error) {
      if (!isKubeError(error) || !['forbidden', 'notFound'].includes(error.reason)) throw error;
      if (error.reason === 'forbidden') unread.push(of.kind);
      return [];
    }
  });
  const objects = answers
    .flat()
    .filter((object) => selectors.some((selector) => selects(selector, referenceOf(object))));
  const distinct = new Map(objects.map((object) => [liveName(referenceOf(object)), object]));
  return { references, objects: [...distinct.values()], unread };
}

function isPropagation({ type, reference: { apiVersion, kind } }: ObjectChange): boolean {
  return (
    type !== 'unchanged' &&
    apiGroup(apiVersion) === 'policy.karmada.io' &&
    kind.endsWith('PropagationPolicy')
  );
}

type Selector = ObjectReference;

/** Without labels, which may change in the same push; before the change and after it. */
function selectorsOf({
  reference,
  before,
  after,
}: Pick<ObjectChange, 'reference' | 'before' | 'after'>): readonly Selector[] {
  return [before, after]
    .flatMap((policy) => arrayMember(member(policy, 'spec'), 'resourceSelectors'))
    .map((selector: JsonValue) => ({
      apiVersion: stringMember(selector, 'apiVersion'),
      kind: stringMember(selector, 'kind'),
      namespace: reference.namespace || stringMember(selector, 'namespace'),
      name: stringMember(selector, 'name'),
    }));
}

function selects(selector: Selector, { apiVersion, kind, namespace, name }: Selector): boolean {
  return (
    apiGroup(selector.apiVersion) === apiGroup(apiVersion) &&
    selector.kind === kind &&
    ['', namespace].includes(selector.namespace) &&
    ['', name].includes(selector.name)
  );
}

/** Items of a list of a built-in kind do not say what they are. */
function typed(
  object: JsonObject,
  { apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>,
): JsonObject {
  return withMember(withMember(object, 'apiVersion', apiVersion), 'kind', kind);
}

/** What names an object as a server holds it. */
export function referenceOf(object: JsonObject): ObjectReference {
  const metadata = memberAt(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}
