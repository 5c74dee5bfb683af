/** Each shape of a token that a service hands out goes, wherever it stands; ids that look alike stay. */
import { expect, test } from 'vitest';
import { openRedactor } from '../../src/secrets/redactor.ts';
import { shapes } from '../../src/secrets/shapes.ts';

const redactor = openRedactor({ environment: {} });

/** By reason; `{a24}` is 24 letters and digits, `{x…}` hexadecimal, `{l…}` lower case, `{u…}` upper case and digits. */
const tokens: Readonly<Record<string, readonly string[]>> = {
  'adobe-secret': ['p8e-{l32}'],
  'alibaba-key': ['LTAI{a20}'],
  'amp-key': ['sgamp_user_{u26}_{x64}'],
  'apify-key': ['apify_api_{a36}'],
  'artifactory-key': ['AKCp{a69}', 'cmVmdGtuOjAx{a52}'],
  'aws-session-token': ['IQoJb3JpZ2lu{a40}/{a40}+{a20}==', 'FwoGZXIvYXdz{a60}'],
  'axiom-token': ['xaat-{uuid}', 'xapt-{uuid}'],
  'azure-key': ['{a52}JQQJ99{a26}', '{a3}8Q~{a34}'],
  'bedrock-key': ['ABSKQmVkcm9ja0FQSUtleS{a60}/{a40}=', 'bedrock-api-key-{a90}'],
  'bitwarden-token': ['0.{uuid}.{a30}:{a22}=='],
  'brave-key': ['BSA{a27}'],
  'brevo-key': ['xkeysib-{x64}-{a16}'],
  'browserbase-key': ['bb_live_{a27}'],
  'buildkite-token': ['bkua_{x40}'],
  'cerebras-key': ['csk-{l48}'],
  'circleci-token': ['CCIPAT_{a22}_{x40}'],
  'clickup-token': ['pk_12345678_{u32}'],
  'clojars-token': ['CLOJARS_{x60}'],
  'cloudflare-token': ['v1.0-{x24}-{x146}', 'cfut_{a48}'],
  'codex-token': ['rt_{a43}.{a43}'],
  'composio-key': ['ak_{a20}'],
  'contentful-token': ['CFPAT-{a43}'],
  'context7-key': ['ctx7sk-{uuid}'],
  'crates-token': ['cio{a32}'],
  'cursor-key': ['key_{x64}', 'crsr_{x64}'],
  'databricks-token': ['dapi{x32}', 'dose{x32}'],
  'daytona-key': ['dtn_{x64}'],
  'devin-key': ['apk_user_{a60}', 'cog_{l52}'],
  'discord-token': ['MT{a24}.{a6}.{a38}'],
  'dotted-key': ['{x32}.{a16}', '{x32}.{a24}'],
  'dropbox-token': ['sl.u.{a140}'],
  'duffel-token': ['duffel_live_{a43}'],
  'dynatrace-token': ['dt0c01.{u24}.{u64}'],
  'e2b-key': ['e2b_{x40}'],
  'easypost-key': ['EZAK{a54}'],
  'elevenlabs-key': ['sk_{x48}'],
  'extended-key': ['xprv{a107}'],
  'facebook-token': ['EAAM{a120}'],
  'factory-key': ['fk-{a43}'],
  'firebase-key': ['AAAA{a7}:APA91b{a134}'],
  'firecrawl-key': ['fc-{x32}'],
  'fireworks-key': ['fw_{a24}'],
  'flutterwave-key': ['FLWSECK-{x32}-X'],
  'fly-token': ['fo1_{a43}', 'fm2_{a40}/{a60}+{a60}=='],
  'frameio-token': ['fio-u-{a64}'],
  'gitbook-token': ['gb_api_{a40}'],
  'github-app-token': ['ghs_12345_eyJ{a30}.eyJ{a80}.{a86}'],
  'github-token': ['ghu_{a36}'],
  'gitlab-token': ['glpat-{a27}.01.{l9}', 'gloas-{a64}', 'glwt-{a20}'],
  'gocardless-token': ['live_{a40}'],
  'google-key': ['AQ.Ab8RN6{a44}'],
  'harness-token': ['pat.{a22}.{x24}.{a20}'],
  'helicone-key': ['sk-helicone-{l7}-{l7}-{l7}-{l7}'],
  'heroku-key': ['HRKU-AA{a58}', 'HRKU-{uuid}'],
  'honeycomb-key': ['hcaik_{l58}'],
  'hubspot-token': ['pat-na1-{uuid}'],
  'infisical-token': ['st.{x24}.{x32}.{x32}'],
  'jina-key': ['jina_{x32}{a28}'],
  'kaggle-token': ['KGAT_{x32}'],
  'langsmith-key': ['lsv2_pt_{x32}_{x10}', 'lsv2_sk_{x32}_{x10}'],
  'launchdarkly-key': ['sdk-{uuid}'],
  'logfire-token': ['pylf_v1_us_{a43}'],
  'mailchimp-key': ['{x32}-us12'],
  'mailgun-key': ['key-{x32}'],
  'mandrill-key': ['md-{a22}'],
  'mapbox-token': ['sk.eyJ{a60}.{a22}'],
  'maxmind-key': ['{a6}_{a29}_mmk'],
  'modal-token': ['ak-{a22}', 'as-{a22}'],
  'neon-key': ['napi_{l64}'],
  'netlify-token': ['nfp_{a36}'],
  'newrelic-key': ['NRAK-{u27}', '{x36}NRAL'],
  'ngrok-token': ['2{a26}_{a21}'],
  'nkey-seed': ['SU{u56}'],
  'nostr-key': ['nsec1{l58}'],
  'nuget-key': ['oy2{l43}'],
  'nvidia-key': ['nvapi-{a64}'],
  'onepassword-token': ['ops_eyJ{a200}', 'A3-{u6}-{u11}-{u5}-{u5}-{u5}'],
  'openai-key': ['sess-{a40}', 'sk-or-v1-{x64}'],
  'openshift-token': ['sha256~{a43}'],
  'packagist-token': ['packagist_uut_{x68}'],
  'pinecone-key': ['pcsk_{a6}_{a60}'],
  'plaid-token': ['access-production-{uuid}'],
  'planetscale-token': ['pscale_tkn_{a43}'],
  'posthog-key': ['phx_{a43}'],
  'prefect-key': ['pnu_{a36}'],
  'pulumi-token': ['pul-{x40}'],
  'rapidapi-key': ['{l10}msh{l15}p1{l6}jsn{l12}'],
  'readme-key': ['rdme_{l70}'],
  'render-key': ['rnd_{a28}'],
  'resend-key': ['re_{a8}_{a24}'],
  'runpod-key': ['rpa_{u36}{l6}'],
  'sanity-token': ['sk{a178}'],
  'scalingo-token': ['tk-us-{a48}'],
  'shippo-token': ['shippo_live_{x40}'],
  'snyk-token': ['snyk_uat.{x8}.{a40}'],
  'sonar-token': ['sqp_{x40}', 'squ_{x40}'],
  'sourcegraph-token': ['sgp_{x16}_{x40}', 'slk_{x64}'],
  'square-token': ['sq0atp-{a22}', 'EAAA{a60}'],
  'stripe-key': ['sk_org_live_{a60}'],
  'stytch-secret': ['secret-live-{a36}='],
  'tailscale-key': ['tskey-auth-{a12}CNTRL-{a32}'],
  'tavily-key': ['tvly-dev-{a32}'],
  'teams-webhook': ['https://x.webhook.office.com/webhookb2/a/IncomingWebhook/{x32}/b'],
  'tencent-key': ['AKID{a32}'],
  'terraform-token': ['{a14}.atlasv1.{a67}'],
  'together-key': ['tgp_v1_{a43}'],
  'typeform-token': ['tfp_{a44}_{a14}'],
  'vercel-token': ['vcp_{a56}', 'vercel_blob_rw_{a16}_{a30}'],
  'voyage-key': ['pa-{a43}'],
  'wandb-key': ['wandb_v1_{a77}'],
  'warp-key': ['wk-1.{x64}'],
  'xata-key': ['xau_{a38}'],
  'yandex-key': ['AQVN{a35}'],
};

const hexadecimal = '0123456789abcdef';
/** Never two of one kind in a row, so that any piece looks the part. */
const alphabets: Readonly<Record<string, string>> = {
  a: 'q7RkZ2mTb9XfL4wHs3VnC8jP5dG6yKuE',
  l: 'q7rkz2mtb9xfl4whs3vnc8jp5dg6yuea',
  u: 'Q7RKZ2MTB5XFL4WHS3VNC6JPDGYUEA',
  x: hexadecimal,
};

function fill(pattern: string): string {
  return pattern
    .replaceAll('{uuid}', '{x8}-{x4}-{x4}-{x4}-{x12}')
    .replace(/\{([aluxx])(\d+)\}/g, (_, kind: string, length: string) => {
      const signs = alphabets[kind] ?? '';
      return Array.from(
        { length: Number(length) },
        (_, i) => signs[(i * 7 + 3) % signs.length],
      ).join('');
    });
}

const rows = Object.entries(tokens).flatMap(([reason, patterns]) =>
  patterns.map((pattern) => [reason, pattern] as const),
);

test.each(rows)('%s: %s', (reason, pattern) => {
  const token = fill(pattern);
  for (const [before, after] of [
    ['it printed ', ' and ended'],
    ['"out": "first\\n', '\\nlast"'],
    ['(', ')'],
  ] as const) {
    const redacted = redactor.text(before + token + after);
    expect(redacted).toContain(`[redacted:${reason}]`);
    expect(redacted.startsWith(before) && redacted.endsWith(after)).toBe(true);
    for (const piece of token.split(/[^A-Za-z0-9]+/))
      if (14 < piece.length && !piece.startsWith('Incoming')) expect(redacted).not.toContain(piece);
  }
});

test('no shape is there twice by mistake, and each compiles by itself', () => {
  const patterns = shapes.map((it) => it.pattern);
  expect(new Set(patterns).size).toBe(patterns.length);
  for (const pattern of patterns) expect('a word').not.toMatch(new RegExp(pattern));
});

test.each([
  'cache_key_{x64}',
  'build-key-{x32}',
  'pod api-{uuid} is ready',
  'week_{x32}',
  'assets/{x32}.module.css, {x32}.chunkOfTheApplication.js',
  'test_live_session_is_resumed_after_the_agent_was_killed_hard',
  'toolu_01T1x1fJ34qAmk2tNTrN7Up6 call_{a24} resp_{x48} msg_01{a22} req_011{a21}',
  'cs_test_of_a_long_name, as-a-very-long-name-with-2-digits, ak-47-and-others-of-2024',
  'sha256-{x64} sha256:{x64}',
  'mysql --port 3306 -h db -p app < dump.sql; sshpass -p "$PASS" ssh host; redis-cli -a $AUTH',
])('%s stays', (pattern) => {
  expect(redactor.text(fill(pattern))).toBe(fill(pattern));
});

test.each([
  'sshpass -p {a12} ssh jane@host',
  "mysqldump -h db -u root -p'{a12}' app",
  'mysql -uroot -p{a12} -e "select 1"',
  'redis-cli -h cache -a {a12} ping',
])('a password behind a single dash: %s', (pattern) => {
  expect(redactor.text(fill(pattern))).toBe(pattern.replace(/\{a12\}/, '[redacted:password]'));
});

test.each([
  ['DATABASE_URL', 'postgres://app:tr0ub4dor%263@db:5432/app', 'tr0ub4dor&3'],
  ['HTTPS_PROXY', 'http://jane:correct-horse@proxy:3128', 'correct-horse'],
  ['AWS_BEARER_TOKEN_BEDROCK', 'kq9XfL4wHs3VnC8jP5dG', 'kq9XfL4wHs3VnC8jP5dG'],
  ['API_KEY_OF_ACME', 'kq9XfL4wHs3VnC8jP5dG', 'kq9XfL4wHs3VnC8jP5dG'],
])('what %s holds goes where nothing tells what it is', (name, value, secret) => {
  const own = openRedactor({ environment: { [name]: value } });
  expect(own.text(`first ${secret} last`)).toBe(`first [redacted:env:${name}] last`);
});

test.each([
  ['TOKENIZERS_PARALLELISM', 'false'],
  ['SECRET_STORE_NAME', 'production-app-secrets'],
  ['TOKEN_ENDPOINT_URL', 'https://login.example.com/oauth2/v2.0/token'],
  ['HOMEPAGE', 'https://example.com:8443/path@2'],
])('what %s holds is no secret', (name, value) => {
  const own = openRedactor({ environment: { [name]: value } });
  expect(own.text(`first ${value} last`)).toBe(`first ${value} last`);
});
