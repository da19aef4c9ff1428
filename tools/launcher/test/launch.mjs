// Run by supervise.spec.mjs as a process of its own: a launcher around the stand-in server beside this file.
import { supervise } from '../supervise.mjs';

process.exitCode = await supervise(process.execPath, [`${import.meta.dirname}/server.mjs`], { cwd: process.cwd(), env: process.env });
