import { naturalOrder } from '../../analysis/index.ts';
import { reportOn } from '../model/index.ts';
import type { ReportRow } from '../rows.ts';
import { nameOf, policiesOf } from './claims.ts';
import { eventsFor } from './eventNotes.ts';
import { explainPolicy } from './explainPolicy.ts';
import { fatesOf, type Fate } from './fates.ts';
import { fluxNotes } from './fluxEvents.ts';
import { groupFates, toWhyClusters, type FateGroup } from './groups.ts';
import { count, hopsOf } from './hops.ts';
import { notesFor } from './notes.ts';
import { overridesOf } from './overrideNotes.ts';
import { problemsOf } from './problems.ts';
import { createSituations, isPolicyKind, type Situation } from './situation.ts';
import type { Why, WhyFact, WhyProblem, WhyState } from './why.ts';
import type { WhyRequest } from './whyFleet.ts';

/** Explains one thing after the other; what it remembers makes the same question cheap when only a few rows changed. */
export type Explainer = (request: WhyRequest) => Why;

/**
 * Makes an explainer of why a template, one cluster under it, or what a policy has, is as it is: the way that Karmada
 * takes it (detector, scheduler, binding and execution controllers, status), who decided, what failed and what to do.
 * It never throws; what is not known is said.
 */
export function createExplainer(): Explainer {
  const read = createSituations();
  return (request) => {
    const situation = read(request);
    return isPolicyKind(request.subject.kind)
      ? explainPolicy(request, situation)
      : explainTemplate(request, situation);
  };
}

function explainTemplate(request: WhyRequest, situation: Situation): Why {
  const { cluster } = request;
  const { kind, namespace, name } = situation.subject;
  const all = fatesOf(situation);
  const fates = cluster === undefined ? all : all.filter((fate) => fate.cluster === cluster);
  const groups = groupFates(fates);
  const policies = policiesOf(situation);
  const events = eventsFor(situation, cluster);
  const title = namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
  const overrides = overridesOf(situation, cluster);
  const problems = problemsOf(request, situation, { groups, events, policies, overrides });
  return {
    title: cluster === undefined ? title : `${title} on ${cluster}`,
    ...withProblems(headline(situation, fates, cluster, groups), problems),
    hops: hopsOf(situation, all, cluster),
    problems,
    clusters: cluster === undefined ? toWhyClusters(groups) : [],
    facts: cluster === undefined ? [] : factsOf(situation, cluster, fates[0]),
    ...fluxOf(request, situation, fates[0]),
    templates: [],
    policies,
    overrides,
    events,
    notes: notesFor(request, situation, all),
  };
}

function fluxOf(
  { flux: reading, cluster }: WhyRequest,
  { works, subject }: Situation,
  fate: Fate | undefined,
): Pick<Why, 'flux'> {
  if (cluster === undefined) return {};
  const object = works.get(cluster)?.manifest ?? subject;
  const flux = fluxNotes(reading, cluster, { object, isWell: fate?.state === 'ok' });
  return flux ? { flux } : {};
}

type Headline = Pick<Why, 'summary' | 'state'>;

function headline(
  situation: Situation,
  fates: readonly Fate[],
  cluster: string | undefined,
  groups: readonly FateGroup[],
): Headline {
  if (!situation.binding) {
    const isUnknown = situation.template && !situation.fleet.hasBindings;
    return { summary: unboundText(situation), state: isUnknown ? 'info' : 'missing' };
  }
  if (cluster !== undefined) {
    const [fate] = fates;
    if (!fate) return { summary: `There is no cluster ${cluster}.`, state: 'missing' };
    // What is wrong is said below, in plain words.
    const isPlain = fate.state === 'ok' || fate.state === 'info';
    const says = isPlain && fate.says !== '' ? `: ${fate.says}` : '';
    return { summary: `${fate.title}${says}`, state: fate.state };
  }
  const { expected } = situation;
  const told = fates.filter((fate) => expected.has(fate.cluster));
  if (told.length === 0) {
    return { summary: 'It is on no cluster: the scheduler chose none.', state: 'failed' };
  }
  const good = told.filter(({ state }) => state === 'ok').length;
  const rest = countTitles(told.filter(({ state }) => state !== 'ok'));
  const word = told.find(({ state }) => state === 'ok')?.title ?? 'ready';
  const summary = `${good} of ${count(told.length)} ${word}${rest === '' ? '' : `; ${rest}`}.`;
  const state: WhyState =
    groups.find(({ clusters: [name = ''] }) => expected.has(name))?.fate.state ?? 'ok';
  return { summary, state };
}

/** All clusters may be well and something wrong all the same. */
function withProblems(head: Headline, [worst]: readonly WhyProblem[]): Headline {
  if (head.state !== 'ok' || !worst) return head;
  const [title, ...more] = worst.title;
  const isPlain = typeof title === 'string' && more.length === 0;
  const what = isPlain ? `${title.slice(0, 1).toLowerCase()}${title.slice(1)}` : 'not all is well';
  return { state: worst.state, summary: `${head.summary.replace(/\.$/, '')}, but ${what}` };
}

/** `failed on member1, member2, 7 outdated`: a few are named. */
function countTitles(fates: readonly Fate[]): string {
  const clusters = new Map<string, string[]>();
  for (const { title, cluster } of fates) {
    clusters.set(title, [...(clusters.get(title) ?? []), cluster]);
  }
  return [...clusters]
    .map(([title, names]) =>
      names.length <= mostNamed
        ? `${title} on ${names.sort(naturalOrder).join(' and ')}`
        : `${names.length} ${title}`,
    )
    .join(', ');
}

const mostNamed = 2;

function unboundText({ template, simulation, fleet }: Situation): string {
  if (!template) return 'Not found on the control plane.';
  if (!fleet.hasBindings) return 'Bindings cannot be read: rights missing.';
  if (!simulation) return 'There is no ResourceBinding, and the policies are not read.';
  switch (simulation.claim.type) {
    case 'claimed':
      return 'Nothing is propagated yet: there is no ResourceBinding.';
    case 'waiting':
      return 'Nothing is propagated: the policy waits for overrides that do not exist.';
    case 'skipped':
      return 'Nothing is propagated: Karmada skips this object.';
    case 'lost':
      return 'Nothing is propagated: its policy is gone or no longer selects it.';
    default:
      return 'Nothing is propagated: no policy selects it.';
  }
}

/** What is known of the member's copy, a line each. */
function factsOf(
  situation: Situation,
  cluster: string,
  fate: Fate | undefined,
): readonly WhyFact[] {
  const { binding, works, fleet, expected } = situation;
  const facts: WhyFact[] = [];
  const add = (name: string, value: string) => {
    if (value !== '') facts.push([name, [{ quote: value }]]);
  };
  const row = fleet.clusters.get(cluster);
  if (row) {
    const link = nameOf({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      namespace: '',
      name: cluster,
    });
    facts.push([
      'Cluster',
      [link, { quote: `, ${row.version}, ${row.mode}, ready ${row.ready.status}` }],
    ]);
    add(
      'Taints',
      row.taints
        .map(({ key, value, effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`)
        .join(', '),
    );
  }
  if (!binding && !fleet.hasBindings) return facts;
  if (!expected.has(cluster)) {
    add('Chosen', `no${fate && fate.says !== '' ? `: ${fate.says}` : ''}`);
    return facts;
  }
  const work = works.get(cluster);
  const report = binding && reportOn({ work, binding, cluster });
  if (work?.templateGeneration !== undefined)
    add('Template generation', String(work.templateGeneration));
  if (report) addReport(report, add);
  return facts;
}

function addReport(report: ReportRow, add: (name: string, value: string) => void): void {
  const { ready } = report;
  if (ready) add('Ready', `${ready.status} ${ready.reason}`);
  if (ready) add('Message', ready.message);
  add('Reconciling', report.reconciling);
  add('Stalled', report.stalled);
  add('Chart', report.chart === '' ? '' : `${report.chart} ${report.chartVersion}`);
  add('App version', report.appVersion);
  if (report.releaseRevision > 0) add('Helm revision', String(report.releaseRevision));
  add('Revision', report.revision);
  if (report.failures > 0) add('Failures', String(report.failures));
}
