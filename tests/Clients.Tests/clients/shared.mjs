// What every script shares: it reads its settings from EDGE_CONFIG and prints one JSON line for each scenario.
// Clients print their warnings; the output is for the report alone.
console.log = console.info = console.debug = console.warn = console.error;

export const config = JSON.parse(process.env.EDGE_CONFIG);

export const errand = 'Look it up in parallel, but explain first.';
export const question = 'Résumé of the café thread, please. 👍';
export const toolNames = ['find', 'count'];
export const toolSchema = { type: 'object', properties: { query: { type: 'string' }, limit: { type: 'integer', minimum: 1 } }, required: ['query', 'limit'] };

// What the clouds' own log says of the calls since the last time it was asked.
let seen = 0;
async function logged() {
  const records = [];
  for (let page; (page = await (await fetch(`${config.clouds}sim/log?after=${seen}&limit=1000`)).json()).length > 0; seen = page.at(-1).seq) records.push(...page);
  return records;
}

// Runs each scenario with each feature, and adds what the clouds say of it; one that throws is reported as its error.
export async function report(client, features, scenarios) {
  await logged();
  for (const feature of features) {
    for (const [scenario, run] of Object.entries(scenarios)) {
      let result;
      try {
        result = await run(feature);
      } catch (error) {
        result = { error: String(error.message ?? error) };
      }
      process.stdout.write(`${JSON.stringify({ client, feature, scenario, ...result, log: await logged() })}\n`);
    }
  }
}
