/** What is missing for reading an object of a member through Karmada's cluster proxy. */
export type AccessProblem =
  /** The user may not use the proxy at all: a right on the control plane. */
  | { readonly type: 'proxy'; readonly user: string }
  /** Karmada may not act as the user on the member: it may for whom a role on the control plane names. */
  | {
      readonly type: 'impersonation';
      readonly user: string;
      readonly groups: readonly string[];
      /** The user and all groups are known. */
      readonly isWhole?: true;
    }
  /** The user may not read the object on the member itself. */
  | {
      readonly type: 'member';
      readonly user: string;
      readonly verb: string;
      readonly resource: string;
      readonly group: string;
    };

/**
 * Reads from a 403 which right is missing. A request passes three gates (`pkg/registry/cluster/storage/proxy.go`,
 * `pkg/util/proxy`): RBAC on `clusters/proxy` in the control plane; in the member the right of `karmada-impersonator` to
 * act as the user and each of the user's groups; in the member the user's own rights. Each has words of its own.
 * Undefined for another failure. A name that the message does not tell is ''.
 */
export function accessProblem(message: string): AccessProblem | undefined {
  const text = message.slice(0, 4000);
  const proxy = /User "([^"]*)" cannot \w+ resource "clusters\/proxy"/.exec(text);
  if (proxy) return { type: 'proxy', user: proxy[1] ?? '' };
  if (/karmada-impersonator" cannot impersonate/.test(text)) {
    const user = /\busers "([^"]*)" is forbidden/.exec(text)?.[1] ?? '';
    const group = /\bgroups "([^"]*)" is forbidden/.exec(text)?.[1] ?? '';
    return { type: 'impersonation', user, groups: group === '' ? [] : [group] };
  }
  const own = /User "([^"]*)" cannot (\w+) resource "([^"]*)"(?: in API group "([^"]*)")?/.exec(
    text,
  );
  if (!own) return undefined;
  const [, user = '', verb = '', resource = '', group = ''] = own;
  return { type: 'member', user, verb, resource, group };
}

/** Groups that Karmada leaves out where it acts as a user (`pkg/util/proxy/proxy.go`). */
const everybody: ReadonlySet<string> = new Set(['system:authenticated', 'system:unauthenticated']);

/** Whether a refusal names nobody, so that the server has to be asked who was refused. */
export function namesNobody(problem: AccessProblem): boolean {
  return problem.user === '';
}

/** The problem of a user whom the control plane knows. */
export function problemOfUser(
  problem: AccessProblem,
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
): AccessProblem {
  if (user === '') return problem;
  if (problem.type !== 'impersonation') return { ...problem, user };
  const own = groups.filter((group) => !everybody.has(group));
  return { type: 'impersonation', user, groups: own, isWhole: true };
}

/** Shorter still, behind what else a line of a tree says. */
export const notReadable = 'not readable: rights missing';

/** What is missing, short, to be put behind what cannot be done. */
export function accessText(problem: AccessProblem): string {
  switch (problem.type) {
    case 'proxy':
      return 'no right on clusters/proxy';
    case 'impersonation':
      return 'Karmada may not act for you there';
    case 'member':
      return `no right to ${problem.verb} ${problem.resource} there`;
  }
}

/** Why an object cannot be shown, in comments; with the manifest that gives a missing right. */
export function failureText(
  message: string,
  problem: AccessProblem | undefined,
  cluster: string,
): string {
  const said = comments(message);
  return problem ? lines(...said, '#') + accessManifest(problem, cluster) : lines(...said);
}

/** A text in comments and manifests that says which right is missing and gives it; a YAML document as a whole. */
export function accessManifest(problem: AccessProblem, cluster: string): string {
  return problem.type === 'member' ? memberRole(problem, cluster) : proxyRole(problem, cluster);
}

const placeholder = 'YOUR-USER';
const nameAll =
  'Name the user and each of the groups (kubectl auth whoami tells them), not system:authenticated.';

function proxyRole(
  problem: Exclude<AccessProblem, { readonly type: 'member' }>,
  cluster: string,
): string {
  const user = problem.user === '' ? placeholder : problem.user;
  const groups = problem.type === 'impersonation' ? problem.groups : [];
  const why =
    problem.type === 'proxy'
      ? `The user may not reach ${cluster} through Karmada.`
      : `Karmada may not act on ${cluster} for ${user === placeholder && groups.length > 0 ? 'a group of this user' : 'this user'}: it may for the users and groups that are bound by name to a role on clusters/proxy, and for system:masters.`;
  const subjects = [subject('User', user)];
  for (const group of groups) subjects.push(subject('Group', group));
  return lines(
    ...comments(
      why,
      'Apply this to the control plane. Karmada carries it to the members within some seconds.',
      ...(problem.type === 'impersonation' && problem.isWhole ? [] : [nameAll]),
    ),
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    '  name: member-proxy',
    'rules:',
    '- apiGroups: [cluster.karmada.io]',
    '  resources: [clusters/proxy]',
    `  resourceNames: [${quoted(cluster)}]`,
    '  verbs: [get, patch] # patch is for Reconcile Now',
    '---',
    ...binding('member-proxy', subjects),
    '---',
    ...comments(
      `On ${cluster} itself the user needs rights as well (a user of system:masters has them), for example:`,
    ),
    ...role('flux-reader', { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' }),
    ...eventsRule,
    '---',
    ...binding('flux-reader', subjects),
  );
}

function memberRole(
  { user, verb, resource, group }: Extract<AccessProblem, { readonly type: 'member' }>,
  cluster: string,
): string {
  return lines(
    ...comments(
      `On ${cluster} the user ${user} may not ${verb} ${resource}. Apply this to ${cluster}:`,
    ),
    ...role('flux-reader', { group, resource }),
    '---',
    ...binding('flux-reader', [subject('User', user === '' ? placeholder : user)]),
  );
}

function role(
  name: string,
  { group, resource }: { readonly group: string; readonly resource: string },
): readonly string[] {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    `  name: ${name}`,
    'rules:',
    `- apiGroups: [${quoted(group)}]`,
    `  resources: [${quoted(resource)}]`,
    `  verbs: ${resource === 'events' ? '[list]' : '[get, list, watch, patch] # patch is for Reconcile Now'}`,
  ];
}

/** What Flux says there, for explanations. */
const eventsRule = ["- apiGroups: ['']", '  resources: [events]', '  verbs: [list]'];

function binding(name: string, subjects: readonly string[]): readonly string[] {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata:',
    `  name: ${name}`,
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    '  kind: ClusterRole',
    `  name: ${name}`,
    'subjects:',
    ...subjects,
  ];
}

function subject(kind: 'User' | 'Group', name: string): string {
  return `- { kind: ${kind}, apiGroup: rbac.authorization.k8s.io, name: ${quoted(name)} }`;
}

/** A name from a server's answer in a flow of YAML: JSON is YAML. */
function quoted(name: string): string {
  return JSON.stringify(name);
}

/** What a comment holds must not end its line. */
function shown(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?');
}

function comments(...sentences: readonly string[]): readonly string[] {
  return sentences.flatMap((sentence) => wrapped(shown(sentence)).map((line) => `# ${line}`));
}

const widest = 96;

/** The words of a sentence in lines that an editor shows without scrolling. */
function wrapped(sentence: string): readonly string[] {
  const found: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = found.at(-1);
    if (last === undefined || last.length + 1 + word.length > widest) found.push(word);
    else found[found.length - 1] = `${last} ${word}`;
  }
  return found;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
