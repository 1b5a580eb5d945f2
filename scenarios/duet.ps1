& (Join-Path $PSScriptRoot 'run.ps1') duet @args; exit $LASTEXITCODE
