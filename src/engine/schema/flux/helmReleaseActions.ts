import { hasNot } from './rules.ts';
import { choice, duration, flag, integer, list, record, text } from './fields.ts';
import { stringMember } from '../../json.ts';
import type { HelmReleaseVersion } from './helmReleaseChart.ts';
import type { Schema, SchemaRule } from '../types.ts';

type Fields = { readonly [name: string]: Schema };

const timeout = duration(
  'How long one step of this action, such as a hook, may take; `spec.timeout` if left out.',
);
const disableHooks = flag('Do not run the hooks of the chart in this action.');
const disableWait = flag(
  'Call the action done at once, without waiting until resources are ready.',
);
const disableWaitForJobs = flag('Do not wait until Jobs have completed.');
const cleanupOnFail = flag('Delete what the action has created when it fails.');
const force = flag(
  'Replace resources that cannot be patched; no effect with server-side apply. May cause downtime.',
);

const serverSideApply = choice(
  ['enabled', 'disabled', 'auto'],
  'Whether to use server-side apply; `auto`, the default, does as the release did before.',
  { since: '2.8' },
);

const crdPolicies = ['Skip', 'Create', 'CreateReplace'];

const disableOpenAPIValidation = flag(
  'Do not check rendered manifests against the OpenAPI schema of the cluster.',
);

const skipCRDs = flag('Do not install the CRDs of the chart; use `crds: Skip` instead.', {
  deprecated: true,
});

/** Fields that only v2 has, in install and upgrade alike. */
function newerFields(version: HelmReleaseVersion): Fields {
  if (version !== 'v2') return {};
  return {
    disableSchemaValidation: flag('Do not check the values against the JSON schema of the chart.', {
      since: '2.4',
    }),
    disableTakeOwnership: flag(
      'Fail on resources that exist already and belong to no release, instead of adopting them.',
      { since: '2.5' },
    ),
  };
}

/** `spec.install`. */
export function install(version: HelmReleaseVersion): Schema {
  const newest: Fields = {
    serverSideApply: flag('Use server-side apply; on unless the controller keeps to Helm 3.', {
      since: '2.8',
    }),
    strategy: strategy({
      rule: "!has(self.retryInterval) || self.name != 'RemediateOnFailure'",
      message: ".retryInterval cannot be set when .name is 'RemediateOnFailure'",
      holds: (self) =>
        hasNot(self, 'retryInterval') || stringMember(self, 'name') !== 'RemediateOnFailure',
    }),
  };
  return record(
    {
      crds: choice(
        crdPolicies,
        'What to do with the CRDs of the chart: leave them out, create missing ones (default), or also replace existing ones.',
      ),
      createNamespace: flag(
        'Create `spec.targetNamespace` when it is missing. It stays when the release goes.',
      ),
      disableHooks,
      disableOpenAPIValidation,
      disableWait,
      disableWaitForJobs,
      remediation: record(
        {
          ignoreTestFailures: flag(
            'Keep the release when its tests fail; `spec.test.ignoreFailures` if left out.',
          ),
          remediateLastFailure: flag(
            'Uninstall also after the last failed attempt. Default: false.',
          ),
          retries: integer(
            'How often to try again, with an uninstall between. Default: 0; negative: without end.',
          ),
        },
        'What to do when the installation fails; by default nothing.',
      ),
      replace: flag('Reuse the name of a deleted release that is still in the history.'),
      skipCRDs,
      timeout,
      ...newerFields(version),
      ...(version === 'v2' ? newest : {}),
    },
    'How to install the chart the first time.',
  );
}

/** `spec.upgrade`. */
export function upgrade(version: HelmReleaseVersion): Schema {
  const newest: Fields = {
    chartNameChangeStrategy: choice(
      ['InPlaceUpdate', 'Reinstall'],
      'What to do when the name of the chart changes: upgrade as usual, or uninstall and install (default).',
      { since: '2.9' },
    ),
    serverSideApply,
    strategy: strategy({
      rule: "!has(self.retryInterval) || self.name == 'RetryOnFailure'",
      message: ".retryInterval can only be set when .name is 'RetryOnFailure'",
      holds: (self) =>
        hasNot(self, 'retryInterval') || stringMember(self, 'name') === 'RetryOnFailure',
    }),
  };
  return record(
    {
      cleanupOnFail,
      crds: choice(
        crdPolicies,
        'What to do with the CRDs of the chart: leave them alone (default), create new ones, or also replace existing ones.',
      ),
      disableHooks,
      disableOpenAPIValidation,
      disableWait,
      disableWaitForJobs,
      force,
      preserveValues: flag(
        'Merge the values into those of the last release, so that the result depends on history.',
      ),
      remediation: record(
        {
          ignoreTestFailures: flag(
            'Keep the upgrade when its tests fail; `spec.test.ignoreFailures` if left out.',
          ),
          remediateLastFailure: flag(
            'Remediate also after the last failed attempt. Default: true when `retries` is above 0.',
          ),
          retries: integer(
            'How often to try again, with `strategy` between. Default: 0; negative: without end.',
          ),
          strategy: choice(
            ['rollback', 'uninstall'],
            'How to undo a failed upgrade. Default: rollback.',
          ),
        },
        'What to do when an upgrade fails; by default nothing.',
      ),
      timeout,
      ...newerFields(version),
      ...(version === 'v2' ? newest : {}),
    },
    'How to upgrade the release when chart or values change.',
  );
}

function strategy(rule: SchemaRule): Schema {
  return record(
    {
      name: choice(
        ['RemediateOnFailure', 'RetryOnFailure'],
        'Undo a failed action as `remediation` says, or try again without undoing it.',
      ),
      retryInterval: duration('How long to wait before the next attempt. Default: 5m.'),
    },
    'How to go on after a failure. Default: RemediateOnFailure.',
    { required: ['name'], rules: [rule], since: '2.7' },
  );
}

/** `spec.test`. */
export function test(version: HelmReleaseVersion): Schema {
  const filters = list(
    record(
      {
        exclude: flag('Leave this test out instead of running it.'),
        name: text('Name of the test.', { minLength: 1, maxLength: 253 }),
      },
      'One test of the chart.',
      { required: ['name'] },
    ),
    'Which tests of the chart to run or to leave out.',
  );
  return record(
    {
      enable: flag('Run the tests of the chart after an install or upgrade.'),
      ...(version === 'v2beta1' ? {} : { filters }),
      ignoreFailures: flag('Count the release as good although its tests fail.'),
      timeout,
    },
    'Whether and how to run the tests of the chart.',
  );
}

/** `spec.rollback`. */
export function rollback(version: HelmReleaseVersion): Schema {
  return record(
    {
      cleanupOnFail,
      disableHooks,
      disableWait,
      disableWaitForJobs,
      force,
      recreate: flag('Restart the Pods. No effect since Flux 2.8.', { deprecated: true }),
      ...(version === 'v2' ? { serverSideApply } : {}),
      timeout,
    },
    'How to roll back to the previous release.',
  );
}

/** `spec.uninstall`. */
export const uninstall: Schema = record(
  {
    deletionPropagation: choice(
      ['background', 'foreground', 'orphan'],
      'Whether what a resource owns is deleted after it, before it, or left behind.',
      { default: 'background', since: '2.0' },
    ),
    disableHooks,
    disableWait: flag('Call the uninstall done at once, without waiting until resources are gone.'),
    keepHistory: flag('Keep the history of the release after all its resources are gone.'),
    timeout,
  },
  'How to uninstall the release.',
);
