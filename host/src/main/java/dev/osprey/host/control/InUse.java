package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;

/** A bundle in use, and whose content it is. */
record InUse(Loaded loaded, Candidate candidate) {}
