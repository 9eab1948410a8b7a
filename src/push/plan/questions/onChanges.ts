import { isSecret, listClusters } from '../../../analysis/index.ts';
import { apiGroup, compileSkips, memberAt, stringMember } from '../../../engine/index.ts';
import type { ObjectChange, Question } from '../../types.ts';
import { label, objectReference } from '../labels.ts';
import type { QuestionInput } from './input.ts';

/** What is to be said of each change alone. */
export function questionsOnChanges(input: QuestionInput): readonly Question[] {
  return input.changes.flatMap((change) => [
    ...refused(change),
    ...undecided(change),
    ...protectedFromDeletion(change),
    ...secret(change),
    ...newNamespace(change, input),
    ...goneNamespace(change, input),
    ...goneKind(change),
  ]);
}

function refused({ verdicts, reference }: ObjectChange): readonly Question[] {
  const errors = verdicts.filter(({ severity }) => severity === 'error');
  return errors.map(({ message }) => ({
    severity: 'blocked',
    code: 'refused',
    message: `${label(reference)} is refused: ${message}`,
    reference,
  }));
}

function undecided({ conflicts, reference }: ObjectChange): readonly Question[] {
  const open = conflicts.filter(({ choice }) => choice === 'undecided');
  if (open.length === 0) return [];
  const managers = [...new Set(open.map(({ manager }) => manager))];
  const count = new Set(open.map(({ field }) => field)).size;
  const fields = count === 1 ? 'a field' : `${count} fields`;
  const own = managers.length === 1 ? 'owns' : 'own';
  const message = `${label(reference)} sets ${fields} that ${listClusters(managers)} ${own}. Keep theirs or take over.`;
  return [{ severity: 'blocked', code: 'undecided-conflict', message, reference }];
}

const protection = 'resourcetemplate.karmada.io/deletion-protected';

/** `pkg/webhook/resourcedeletionprotection/validating.go` refuses to delete what carries the label. */
function protectedFromDeletion({ type, before, reference }: ObjectChange): readonly Question[] {
  const labels = memberAt(before ?? {}, 'metadata', 'labels');
  if (type !== 'delete' || stringMember(labels, protection) !== 'Always') return [];
  const message = `${label(reference)} is protected from deletion by its label ${protection}. Remove the label first.`;
  return [{ severity: 'blocked', code: 'deletion-protected', message, reference }];
}

function secret({ type, reference, before, after, secretKeys }: ObjectChange): readonly Question[] {
  const object = before ?? after;
  if (!object || !isSecret(object) || (type !== 'change' && type !== 'delete')) return [];
  // Labels can be put back.
  if (type === 'change' && secretKeys?.length === 0) return [];
  const what = type === 'delete' ? 'Deleting' : 'Changing';
  const message = `${what} ${label(reference)} cannot be undone: values of Secrets are not kept.`;
  return [{ severity: 'confirm', code: 'secret-not-undoable', message, reference }];
}

const skipLabel = 'namespace.karmada.io/skip-auto-propagation';

/** `pkg/controllers/namespace/namespace_sync_controller.go`: a new namespace goes to every member. */
function newNamespace(
  { type, reference, after }: ObjectChange,
  { options, last }: QuestionInput,
): readonly Question[] {
  if (type !== 'create' || !after || !isSynced(reference, after, options)) return [];
  const count = last.run.controlPlane.clusters.length;
  if (count === 0) return [];
  const where = count === 1 ? 'on the only cluster' : `on all ${count} clusters`;
  const message = `Karmada creates namespace ${reference.name} ${where}, whatever the policies say.`;
  return [{ severity: 'warning', code: 'new-namespace', message, reference }];
}

/** With a namespace goes all that is in it, on the control plane and on every member that has it from Karmada. */
function goneNamespace(
  { type, reference, before }: ObjectChange,
  { ground, changes, options, last }: QuestionInput,
): readonly Question[] {
  const { apiVersion, kind, name } = reference;
  if (type !== 'delete' || apiVersion !== 'v1' || kind !== 'Namespace') return [];
  const count = last.run.controlPlane.clusters.length;
  const where = count === 1 ? 'the only cluster' : `all ${count} clusters`;
  const members =
    count > 0 && before && isSynced(reference, before, options)
      ? `, and namespace ${name} on ${where}`
      : '';
  const written = new Set(changes.map((change) => label(change.reference)));
  const others = ground.live.objects
    .map(objectReference)
    .filter((one) => one.namespace === name && one.name !== 'kube-root-ca.crt')
    .map(label)
    .filter((one) => !written.has(one));
  const also = others.length === 0 ? '' : ` Among it: ${listClusters(others.sort())}.`;
  const message = `Deleting namespace ${name} deletes everything in it on the control plane${members}.${also}`;
  return [{ severity: 'confirm', code: 'removal', message, reference }];
}

/** With a definition go all objects of its kind, and what members have of them. */
function goneKind({ type, reference, before }: ObjectChange): readonly Question[] {
  const { apiVersion, kind, name } = reference;
  if (type !== 'delete' || kind !== 'CustomResourceDefinition') return [];
  if (apiGroup(apiVersion) !== 'apiextensions.k8s.io') return [];
  const defined = stringMember(memberAt(before ?? {}, 'spec', 'names'), 'kind') || name;
  const message = `Deleting ${label(reference)} deletes every ${defined} on the control plane, and what members have of them from Karmada.`;
  return [{ severity: 'confirm', code: 'removal', message, reference }];
}

function isSynced(
  { apiVersion, kind, name }: ObjectChange['reference'],
  namespace: NonNullable<ObjectChange['after']>,
  { skippedPropagatingNamespaces: skippedNamespaces }: QuestionInput['options'],
): boolean {
  if (apiVersion !== 'v1' || kind !== 'Namespace' || name === 'default') return false;
  const skips = compileSkips(skippedNamespaces ? { skippedNamespaces } : {});
  const labels = memberAt(namespace, 'metadata', 'labels');
  if (stringMember(labels, skipLabel).toLowerCase() === 'true') return false;
  return (
    skips({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: name } }) === undefined
  );
}
