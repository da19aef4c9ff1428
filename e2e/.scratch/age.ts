import 'reflect-metadata';
import { createGenerationServer } from '../../libs/entrypoints/dist/index.js';
import { openGenerationClient } from '../../libs/adapters/grpc/dist/index.js';
import { silentLog } from '../../libs/platform/dist/index.js';
import { setTimeout as sleep } from 'node:timers/promises';
const chat = { describe: () => ({ available: true, models: [], reason: 'x' }), async *stream() { for (let i=0;i<20;i++){ await sleep(200); yield {type:'text', text:'w '}; } yield { type:'end', finish:'stop', usage:{promptTokens:1,answerTokens:1}}; } };
const structured = { available: () => true, complete: async () => ({ items: [], salvaged: false, modelName: 'x', usage: {promptTokens:1,answerTokens:1}}) };
const serve = (port) => createGenerationServer({ token:'t', tls:null, host:'127.0.0.1', port, log: silentLog, chat, structured, maxConnectionAgeMs: 6000, longestCallMs: 60000 } as never);
const a = await serve(0), b = await serve(0);
const client = await openGenerationClient({ target: `127.0.0.1:${a.port},127.0.0.1:${b.port}`, token:'t', tls:null });
client.chat.open();
let ok=0, bad=0; const t0=Date.now();
const one = async () => { const s=Date.now(); try { let n=0; for await (const e of client.chat.stream({ scope:{projectId:'p',subject:'user:a'}, modelName:null, messages:[{role:'user',content:'x'}], temperature:1, topP:1, maxTokens:100 } as never, {signal: new AbortController().signal, deadlineAt: Date.now()+60000} as never)) n++; ok++; } catch (e:any) { bad++; console.log(Date.now()-t0, 'after', Date.now()-s, e.code, e.message, e.cause?.details ?? e.cause?.message); } };
const all=[]; for (let i=0;i<150;i++){ all.push(one()); await sleep(200); }
await Promise.all(all); console.log({ok,bad}); await client.close(); await a.close(0); await b.close(0); process.exit();
