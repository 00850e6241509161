package dev.osprey.host.plan;

import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerPlan;

/**
 * A cluster's load balancing.
 *
 * @param plan the policy and whose code it is
 * @param picks the policy over the cluster's endpoints
 */
public record Balancer(Bound<LoadBalancerPlan> plan, LoadBalancer picks) {}
