import { createTwoFilesPatch } from 'diff';
import type { PreviewEntry, TemplateInfo, Workspace } from '../analysis/index.ts';
import type { Outcome } from '../engine/index.ts';
import type { PreviewArguments } from './arguments.ts';
import { toJsonText } from './jsonText.ts';

/** The whole output of `preview`, and whether an override fails or an object would be refused. */
export function report(
  workspace: Workspace,
  args: PreviewArguments,
): { readonly text: string; readonly failed: boolean } {
  const preview = workspace.preview();
  const failed = preview.problems.some(({ severity }) => severity === 'error');
  if (args.output === 'json') {
    const outcomes = preview.outcomes.map((outcome) => onCluster(outcome, args.cluster));
    return { text: `${toJsonText({ ...preview, outcomes })}\n`, failed };
  }
  const header = preview.assumptions.map((line) => `# ${line}\n`).join('');
  const problems = preview.problems.map(
    ({ uri, range, severity, message }) =>
      `# ${uri}:${range.start.line + 1}: ${severity}: ${message.replaceAll('\n', ' ')}\n`,
  );
  const parts = workspace.templates().flatMap((template) =>
    workspace
      .entries(template.key)
      .filter(({ clusters }) => args.cluster === undefined || clusters.includes(args.cluster))
      .map((entry) => part(workspace, template, entry, args)),
  );
  const body = parts.length > 0 ? parts.join('') : '# There is nothing to preview.\n';
  return { text: header + problems.join('') + body, failed };
}

function part(
  workspace: Workspace,
  template: TemplateInfo,
  entry: PreviewEntry,
  args: PreviewArguments,
): string {
  const request = {
    template: template.key,
    ...(args.cluster === undefined
      ? { cluster: entry.cluster, group: entry.group }
      : { cluster: args.cluster }),
    ...(args.bookkeeping ? { bookkeeping: true } : {}),
  };
  const after = workspace.previewText({ ...request, side: 'cluster' }, { assumptions: false });
  if (args.output === 'yaml') return `---\n${after}`;
  const before = workspace.previewText({ ...request, side: 'template' }, { assumptions: false });
  const name = `${template.namespace || 'cluster-scoped'}/${template.name}.yaml`;
  return createTwoFilesPatch(
    `template/${name}`,
    `${args.cluster ?? entry.label}/${name}`,
    before,
    after,
  );
}

/** An outcome with what one cluster gets only; the whole of it when none is named. */
function onCluster(outcome: Outcome, cluster: string | undefined): Outcome {
  if (cluster === undefined) return outcome;
  const isIt = (name: string): boolean => name === cluster;
  const variants = outcome.variants
    .filter(({ clusters }) => clusters.some(isIt))
    .map((variant) => ({ ...variant, clusters: [cluster] }));
  return {
    ...outcome,
    ...(outcome.clusters ? { clusters: outcome.clusters.filter(isIt) } : {}),
    variants,
  };
}
