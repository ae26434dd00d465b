// What every script shares: it reads its settings from SIM_CONFIG and prints one JSON document.
// Clients print their warnings; the output is for the report alone.
console.log = console.info = console.debug = console.warn = console.error;

export const config = JSON.parse(process.env.SIM_CONFIG);

export async function failure(run) {
  try {
    await run();
  } catch (error) {
    return { name: error.name, message: error.message, status: error.status ?? error.$metadata?.httpStatusCode, code: error.code ?? null, type: error.type ?? null, requestId: error.requestID ?? error.$metadata?.requestId ?? null };
  }
  return null;
}

export async function report(scenarios) {
  const results = {};
  for (const [name, run] of Object.entries(scenarios)) results[name] = (await run()) ?? null;
  process.stdout.write(JSON.stringify(results));
}
