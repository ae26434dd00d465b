import { GoogleGenAI } from '@google/genai';
import { gaxios } from 'google-auth-library';
import { config, failure, report } from './shared.mjs';

// The Google library for Node has the address of the token endpoint built in; only that address is changed here.
// The assertion, its signature and the exchange are the library's own.
function transporter() {
  const sender = new gaxios.Gaxios();
  sender.interceptors.request.add({
    resolved: async (request) => {
      if (String(request.url) === 'https://oauth2.googleapis.com/token') request.url = new URL('/token', config.address);
      return request;
    },
  });
  return sender;
}

const client = (changes = {}) => new GoogleGenAI({
  vertexai: true, project: 'simulated-project', location: config.location, httpOptions: { baseUrl: config.address, retryOptions: { attempts: 1 } },
  googleAuthOptions: {
    credentials: { type: 'service_account', client_email: config.email, private_key: config.privateKey, ...changes },
    clientOptions: { transporter: transporter() },
  },
});
const ask = (model = config.model, changes = {}) => ({ model, contents: config.prompt, ...changes });

async function stream(input = ask()) {
  let text = '', chunks = 0, finishReason, usage;
  for await (const chunk of await client().models.generateContentStream(input)) {
    chunks++;
    text += chunk.text ?? '';
    finishReason = chunk.candidates?.[0]?.finishReason ?? finishReason;
    usage = chunk.usageMetadata ?? usage;
  }
  return { text, chunks, finishReason, usage };
}


const declared = { tools: [{ functionDeclarations: ['find', 'count'].map((name) => ({ name, parameters: { type: 'OBJECT', properties: { limit: { type: 'INTEGER', minimum: 1 } } } })) }] };
const question = { role: 'user', parts: [{ text: 'Look it up in parallel, but explain first.' }] };
async function conversation() {
  const config_ = { ...declared, thinkingConfig: { thinkingBudget: 30, includeThoughts: true } };
  const parts = [];
  for await (const chunk of await client().models.generateContentStream({ model: config.model, contents: [question], config: config_ }))
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
  const calls = parts.filter((part) => part.functionCall);
  const results = { role: 'user', parts: calls.map((part) => ({ functionResponse: { name: part.functionCall.name, response: { output: `${part.functionCall.name} says 42` } } })) };
  const answer = await client().models.generateContent({ model: config.model, contents: [question, { role: 'model', parts }, results], config: declared });
  return { calls: calls.map((part) => part.functionCall), signed: calls.filter((part) => part.thoughtSignature).length, thoughts: parts.filter((part) => part.thought).length, answer: answer.text };
}

await report({
  conversation,
  embed: async () => (await client().models.embedContent({ model: 'text-embedding-005', contents: ['one two', 'three'], config: { outputDimensionality: 64 } })).embeddings.map((e) => ({ size: e.values.length, tokens: e.statistics.tokenCount })),
  embedOne: async () => (await client().models.embedContent({ model: 'gemini-embedding-2', contents: 'one two', config: { outputDimensionality: 16 } })).embeddings.map((e) => ({ size: e.values.length, tokens: e.statistics.tokenCount })),
  json: async () => JSON.parse((await client().models.generateContent(ask(config.model, { config: { responseMimeType: 'application/json', responseJsonSchema: { type: 'object', properties: { total: { type: 'integer' } } } } }))).text),
  unary: async () => {
    const answer = await client().models.generateContent(ask());
    return { text: answer.text, finishReason: answer.candidates[0].finishReason, usage: answer.usageMetadata, responseId: answer.responseId };
  },
  count: async () => (await client().models.countTokens(ask())).totalTokens,
  countAll: async () => {
    const more = { systemInstruction: 'Be brief.', ...declared };
    return [(await client().models.countTokens(ask(config.model, { config: more }))).totalTokens, (await client().models.generateContent(ask(config.model, { config: more }))).usageMetadata.promptTokenCount];
  },
  stream: () => stream(),
  maxTokens: () => stream(ask(config.model, { config: { maxOutputTokens: 5 } })),
  thoughts: () => stream(ask(config.model, { config: { thinkingConfig: { thinkingBudget: 30, includeThoughts: true } } })),
  tool: async () => (await client().models.generateContent(ask(config.model, {
    config: { tools: [{ functionDeclarations: [{ name: 'find' }] }], toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
  }))).functionCalls,
  wrongAccount: () => failure(() => client({ client_email: 'nobody@simulated-project.iam.gserviceaccount.com' }).models.generateContent(ask())),
  throttled: () => failure(() => client().models.generateContent(ask('throttled'))),
  inBand: () => failure(() => stream(ask('in-band'))),
  blocked: async () => (await client().models.generateContent(ask('blocked'))).promptFeedback,
});
