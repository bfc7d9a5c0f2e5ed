# syntax=docker/dockerfile:1
# One image for web, workers, scheduler and migration; the command tells them apart.

FROM python:3.11-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/prod.txt /prod.txt
RUN /venv/bin/pip install --require-hashes --requirement /prod.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin cxsaas \
    && install -d -o cxsaas -g cxsaas /data
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cxsaas.settings \
    DATA_DIR=/data
WORKDIR /app
COPY manage.py LICENSE ./
COPY cxsaas cxsaas
COPY apps apps
COPY templates templates
COPY static static
# The names of static files carry their hash; the key signs nothing here and is not kept.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@/build DATA_DIR=/app/.built \
    python manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R a+rX /app/.built
ENV STATIC_ROOT=/app/.built/static
USER cxsaas
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "cxsaas.wsgi", "--config", "python:cxsaas.server", "--worker-class", "gthread", "--threads", "4", "--workers", "2", \
     "--bind", "0.0.0.0:8000", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
