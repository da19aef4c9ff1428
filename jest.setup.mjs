// Evaluated first, so that CommonJS packages which require() Nest meet a finished ES module instead of a cycle.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
